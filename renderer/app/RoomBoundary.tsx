import { Component, type ReactNode } from 'react'
import { EmptyState } from '../components/EmptyState.tsx'
import { Button } from '@mantine/core'
import { errorText } from './errorText.ts'

/** A room that breaks leaves the shell standing: the person reads what happened and goes on. */
export class RoomBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <EmptyState title="This screen stopped working" actions={<><Button onClick={() => this.setState({ error: null })}>Show it again</Button><Button variant="default" onClick={() => location.reload()}>Reload the window</Button></>}>
        {errorText(this.state.error)} Nothing that was confirmed is lost.
      </EmptyState>
    )
  }
}

import { Alert, List, Text } from '@mantine/core'
import type { CsvImportReport } from '../../../core/contract/labels.ts'
import { formatCount, formatNumber } from '../../components/format.ts'

/** What came of an import: how many rows found their image, and which did not. */
export function CsvReport({ report }: { report: CsvImportReport }) {
  const { rows, matched, missing, duplicated, classes, newClasses, problems } = report
  const rest = [missing > 0 ? `${formatNumber(missing)} name an image that is not here` : '', duplicated > 0 ? `${formatNumber(duplicated)} name one more than once` : ''].filter(Boolean)
  return (
    <Alert color={matched === 0 ? 'reject' : missing > 0 ? 'unsure' : 'accept'} variant="light" title={`${formatNumber(matched)} of ${formatCount(rows, 'row')} matched, ${formatCount(classes, 'class', 'classes')}`}>
      {rest.length > 0 && <Text size="sm">{rest.join('; ')}.</Text>}
      {newClasses.length > 0 && <Text size="sm">New: {newClasses.slice(0, 12).join(', ')}{newClasses.length > 12 ? ` and ${newClasses.length - 12} more` : ''}.</Text>}
      {problems.length > 0 && <List size="xs" mt={6}>{problems.slice(0, 8).map((problem) => <List.Item key={`${problem.line} ${problem.message}`}>Line {problem.line}: {problem.message}</List.Item>)}</List>}
    </Alert>
  )
}

#!/usr/bin/env node
/** The terminal face: every job of the app, scriptable. */
import { Command, CommanderError } from 'commander'
import { version } from '../app/appService.ts'
import { wholeNumber } from './arguments.ts'
import { addCleanCommands } from './commands/clean.ts'
import { addDecisionCommands } from './commands/decide.ts'
import { addExportCommands } from './commands/exports.ts'
import { addGenerateCommand } from './commands/generate.ts'
import { addLabelCommands } from './commands/labels.ts'
import { addModelCommands } from './commands/models.ts'
import { addProjectCommands } from './commands/project.ts'
import { addRecipeCommands } from './commands/recipes.ts'
import { addServeCommand } from './commands/serve.ts'
import { addWorkCommands } from './commands/work.ts'
import { exitCodeHelp, exitCodes } from './exitCodes.ts'
import { leave, tell } from './run.ts'
import { Terminal } from './terminal.ts'

// `winnow info … | head` hangs up early; that is no error.
process.stdout.on('error', () => process.exit(exitCodes.ok))

const program = new Command('winnow')
  .description('Curate image datasets: near-duplicates, pseudo-labels, decisions, verified exports.')
  .version(version, '--version', 'which Winnow this is')
  .option('--json', 'one JSON document on stdout; everything else goes to stderr')
  .option('--quiet', 'no progress and no remarks')
  .option('--home <folder>', "where Winnow keeps its own files (also WINNOW_HOME)")
  .option('--engine <address>', 'work through an engine that runs elsewhere: http://127.0.0.1:PORT or https://…')
  .option('--token <token>', 'what lets you in there (also WINNOW_TOKEN, which other users of this machine cannot see)')
  .option('--workers <number>', 'how many vision workers to start (otherwise one per core)', wholeNumber)
  .showHelpAfterError('(add --help for what it takes)')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
From a folder to a cleaned dataset:
  winnow create monkeys.winnow --root ~/photos/monkeys
  winnow prepare monkeys.winnow                      (scan, embed, duplicates, pseudo)
  winnow info monkeys.winnow
  winnow decide monkeys.winnow --accept-duplicates
  winnow decide monkeys.winnow --accept-predictions --min-score 0.9
  winnow undo monkeys.winnow
  winnow export monkeys.winnow ~/datasets/monkeys-1
  winnow verify ~/datasets/monkeys-1

A project that a window has open is worked on through that window's engine, and both see the same.

${exitCodeHelp}`
  )

addProjectCommands(program)
addWorkCommands(program)
addDecisionCommands(program)
addLabelCommands(program)
addExportCommands(program)
addGenerateCommand(program)
addModelCommands(program)
addRecipeCommands(program)
addCleanCommands(program)
addServeCommand(program)
for (const command of allCommands(program)) command.exitOverride().showHelpAfterError('(add --help for what it takes)')

function* allCommands(of: Command): Generator<Command> {
  for (const command of of.commands) {
    yield command
    yield* allCommands(command)
  }
}

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    const asked = error.exitCode === 0
    if (!asked && process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code: 'USAGE', message: error.message } }, null, 2)}\n`)
    leave(asked ? exitCodes.ok : exitCodes.usage)
  } else leave(tell(new Terminal({ json: process.argv.includes('--json') }), error))
}

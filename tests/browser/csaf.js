// Judges CSAF documents: both schemas and every mandatory test of csaf-validator-lib.
// Reads a JSON object of documents by name, and writes what was found of each that fails.

import { readFileSync } from 'node:fs'
import * as mandatory from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import * as schemas from '@secvisogram/csaf-validator-lib/schemaTests.js'
import validate from '@secvisogram/csaf-validator-lib/validate.js'

const tests = [...Object.values(schemas), ...Object.values(mandatory)]
const failed = {}
for (const [name, document] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
  const result = await validate(tests, document)
  if (!result.isValid) {
    failed[name] = result.tests.filter((test) => !test.isValid)
  }
}
process.stdout.write(JSON.stringify({ tests: tests.length, failed }))

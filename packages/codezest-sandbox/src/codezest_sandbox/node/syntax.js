'use strict';
// Sees whether scripts can be compiled, and executes nothing of them. Needs --experimental-vm-modules.

const fs = require('fs');
const vm = require('vm');

/** Throws what is wrong with the first that cannot be compiled: Node then shows the place, which only it knows. */
function checkSyntax(directory, names) {
  for (const name of names) {
    const text = fs.readFileSync(`${directory}/${name}`, 'utf8').replace(/^#!.*/, '');
    const error = syntaxErrorOf(text, `${directory}/${name}`, name);
    if (error) throw error;
  }
}

function syntaxErrorOf(text, path, name) {
  const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
  const attempts = [];
  if (!name.endsWith('.mjs')) attempts.push(() => vm.compileFunction(text, parameters, { filename: path }));
  if (!name.endsWith('.cjs')) attempts.push(() => new vm.SourceTextModule(text, { identifier: path }));
  const errors = [];
  for (const attempt of attempts) {
    try {
      attempt();
      return null;
    } catch (error) {
      errors.push(error);
    }
  }
  const looksLikeModule = /^\s*(?:import|export)\b/m.test(text) && errors.length > 1;
  return errors[looksLikeModule ? 1 : 0];
}

module.exports = { checkSyntax };

'use strict';
// Loaded as a program is, so that the loader is warm. It leaves nothing behind.
const lines = require('fs').readFileSync(__filename, 'utf8').split('\n');
module.exports = lines.length;

/** Running a user's kernel on a user's files. */
package dev.openppu.cli.run;

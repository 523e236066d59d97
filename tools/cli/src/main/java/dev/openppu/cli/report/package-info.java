/** Reports of campaigns and suites on the command line: put together, compared. */
package dev.openppu.cli.report;

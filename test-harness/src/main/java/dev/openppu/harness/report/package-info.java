/** Reports of a suite: HTML page, JUnit XML, JSON, trace file. */
package dev.openppu.harness.report;

/** The device under test and the means that cases use on it. */
package dev.openppu.harness.bench;

/** The Verilog-style preprocessor: from files to one text, with the way back to the files kept. */
package dev.openppu.rdl.preprocess;

/** What the elaborated model is turned into: code and documents. */
package dev.openppu.rdl.emit;

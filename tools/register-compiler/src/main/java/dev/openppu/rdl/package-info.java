/** SystemRDL front-end, elaborated model, emitters, and the live behaviour of an elaborated map. */
package dev.openppu.rdl;

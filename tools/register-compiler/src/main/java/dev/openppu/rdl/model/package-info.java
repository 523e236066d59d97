/** The elaborated model: what a SystemRDL description comes to. Arrays stay arrays; everything is immutable. */
package dev.openppu.rdl.model;

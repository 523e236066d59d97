/** From the syntax tree to the elaborated model: scopes, types, parameters, expressions, properties, addresses, checks. */
package dev.openppu.rdl.elaborate;

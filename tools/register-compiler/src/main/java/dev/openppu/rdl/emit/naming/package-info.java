/** What the emitters of code share: which types a map has, and names that do not collide. */
package dev.openppu.rdl.emit.naming;

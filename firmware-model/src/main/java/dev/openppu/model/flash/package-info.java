/** The flash part: sectors that are erased, pages that are programmed, contents that outlive everything; and its controller, which does one operation after another. */
package dev.openppu.model.flash;

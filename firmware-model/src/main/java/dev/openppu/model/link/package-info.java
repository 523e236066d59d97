/** The in-process link to a model: URI {@code model:PROFILE?option=value&…}. */
package dev.openppu.model.link;

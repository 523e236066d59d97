/** What a device has met so far, counted by kind. */
package dev.openppu.model.census;

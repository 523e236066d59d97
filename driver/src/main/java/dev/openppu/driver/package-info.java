/** The host driver: owner and client halves below one public API. */
package dev.openppu.driver;

/** Files of campaigns: a line a life, so that shares of a campaign can be lived anywhere, gone on with after a kill, and put together. */
package dev.openppu.harness.ledger;

/**
 * A driver of NVMe controllers through hal: {@link com.example.nvme.QueuePair} is how commands go there and completions come back, {@link com.example.nvme.Controller} starts a controller
 * and gives commands, {@link com.example.nvme.Main} uses it. Numbers are those of the NVM Express Base Specification 2.0.
 */
package com.example.nvme;

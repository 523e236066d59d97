/** An application that uses OpenPPU as any library: nothing of its build is shared. */
module com.example.vecadd {
    requires dev.openppu.driver;
}

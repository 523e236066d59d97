/** The smallest driver through hal: {@link com.example.edu.Edu} is the driver, {@link com.example.edu.Main} uses it. */
package com.example.edu;

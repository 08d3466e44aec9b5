/** The web application, as a node serves it. */
@NullMarked
package io.sonde.app.web;

import org.jspecify.annotations.NullMarked;

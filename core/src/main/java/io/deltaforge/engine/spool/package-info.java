@NullMarked
package io.deltaforge.engine.spool;

import org.jspecify.annotations.NullMarked;

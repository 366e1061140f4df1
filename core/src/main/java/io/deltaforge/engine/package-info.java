@NullMarked
package io.deltaforge.engine;

import org.jspecify.annotations.NullMarked;

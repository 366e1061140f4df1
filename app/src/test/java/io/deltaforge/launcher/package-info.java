@NullMarked
package io.deltaforge.launcher;

import org.jspecify.annotations.NullMarked;

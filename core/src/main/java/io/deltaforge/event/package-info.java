@NullMarked
package io.deltaforge.event;

import org.jspecify.annotations.NullMarked;

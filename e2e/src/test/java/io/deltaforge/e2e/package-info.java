/** DeltaForge as its users run it, a process of its own, on real servers that are stopped, killed and cut off. */
@org.jspecify.annotations.NullMarked
package io.deltaforge.e2e;

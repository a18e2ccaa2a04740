/// A kernel's explanation of how it computes its step, for reports.
package struct KernelExplanation: Sendable, Hashable {
  /// Such as `direct (implicit im2col)`; empty where the kernel's name says it all.
  var algorithm = ""
  /// Tile sizes and counts, such as `tiles of 14 × 32, 56 items`.
  var details = ""
  /// Why this algorithm and no other.
  var reason = ""
  /// Bytes of weights and constants that the kernel holds in its own order.
  var heldBytes = 0
}

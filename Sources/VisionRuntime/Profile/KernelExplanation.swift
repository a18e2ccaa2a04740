/// What a kernel says of how it computes its step, for reports.
package struct KernelExplanation: Sendable, Hashable {
  /// Such as `direct (implicit im2col)`; empty where the kernel's name says it all.
  var algorithm = ""
  /// The numbers that it works with, such as `tiles of 14 × 32, 56 items`.
  var details = ""
  /// Why this algorithm and no other.
  var reason = ""
  /// Bytes of weights and constants that the kernel holds in an order of its own.
  var heldBytes = 0
}

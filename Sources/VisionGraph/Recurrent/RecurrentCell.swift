import VisionTensor

/// One step of a recurrent operator for one sequence, in `Double`.
public protocol RecurrentCell {
  /// The state and cell after the step, and what `backward` reads.
  func step(_ weights: RecurrentWeights, _ before: RecurrentState, input: [Double]) -> RecurrentStep
  /// The gradients with respect to the state and cell before the step, and to the gates' input W·x, for those with respect to
  /// the state and cell after it. Adds those of the other weights to `sums`.
  func backward(
    _ weights: RecurrentWeights, _ step: RecurrentStep, _ after: RecurrentState,
    into sums: inout RecurrentWeights
  ) -> (before: RecurrentState, input: [Double])
}

/// The state of one sequence, and its cell where there is one; or the gradients with respect to both.
public struct RecurrentState {
  package var h: [Double]
  package var c: [Double]

  package init(h: [Double], c: [Double]) { (self.h, self.c) = (h, c) }
}

/// What one step has computed.
public struct RecurrentStep {
  package let before: RecurrentState
  package let after: RecurrentState
  /// What the gates' functions are applied to, before clipping, gate by gate.
  package let sums: [Double]
  /// Of GRU, the product of R and the state for the hidden gate.
  package let inner: [Double]

  package init(before: RecurrentState, after: RecurrentState, sums: [Double], inner: [Double] = []) {
    (self.before, self.after, self.sums, self.inner) = (before, after, sums, inner)
  }
}

/// A gate's function with the bounds of what it is applied to.
package struct RecurrentGate {
  package let activation: RecurrentActivation
  package let clip: Double

  package init(_ activation: RecurrentActivation, clip: Float?) {
    self.activation = activation
    self.clip = clip.map { Double($0) } ?? .infinity
  }

  package func callAsFunction(_ x: Double) -> Double {
    activation.apply(x.isNaN ? x : min(max(x, -clip), clip))
  }

  /// The derivative at one element; 0 where it is cut off.
  package func derivative(_ x: Double) -> Double { abs(x) > clip ? 0 : activation.derivative(x) }
}

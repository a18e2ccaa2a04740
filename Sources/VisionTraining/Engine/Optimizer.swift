/// A rule by which gradients change weights, applied to each parameter, or to parts of one.
///
/// An optimizer is a value; its state is in slots, which checkpoints keep.
public protocol Optimizer: Sendable {
  /// The numbers of state per weight, which are zero at first.
  var slotCount: Int { get }
  /// Whether an update needs all weights of a parameter at once, such as for their norm; else it gets parts.
  var needsWholeParameter: Bool { get }
  /// Updates the weights and slots of a part in place. Called by several threads, for different parts.
  ///
  /// Weights that pad a kernel's vectors are zero, as are their gradients; they must stay zero.
  func update(_ part: borrowing ParameterPart)
}

extension Optimizer {
  public var needsWholeParameter: Bool { false }
}

/// Some or all weights of one parameter during an update.
public struct ParameterPart: ~Copyable {
  /// The parameter's name.
  public let name: String
  public let weights: UnsafeMutableBufferPointer<Float>
  /// The gradient of the loss, already clipped.
  public let gradient: UnsafeBufferPointer<Float>
  /// The number of this update, from 1 on.
  public let step: Int
  /// The learning rate of this step times the parameter's factor.
  public let rate: Float
  /// Whether weight decay applies: not to biases, nor to the scales and shifts of norms.
  public let decays: Bool
  private let slots: UnsafeMutablePointer<Float>?
  private let slotStride: Int

  init(
    name: String, weights: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>, step: Int,
    rate: Float, decays: Bool, slots: UnsafeMutablePointer<Float>?, slotStride: Int
  ) {
    self.name = name
    self.weights = weights
    self.gradient = gradient
    self.step = step
    self.rate = rate
    self.decays = decays
    self.slots = slots
    self.slotStride = slotStride
  }

  /// The numbers of slot `index`, one per weight.
  ///
  /// Precondition: `index` is below the optimizer's `slotCount`.
  public func slot(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    guard let slots else { preconditionFailure("the optimizer has no slots") }
    return UnsafeMutableBufferPointer(start: slots + index * slotStride, count: weights.count)
  }
}

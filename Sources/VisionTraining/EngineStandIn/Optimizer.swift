/// TEMPORARY: the lead's Engine/Optimizer.swift replaces this file.
public protocol Optimizer: Sendable {
  var slotCount: Int { get }
  var needsWholeParameter: Bool { get }
  func update(_ part: borrowing ParameterPart)
}

extension Optimizer {
  public var needsWholeParameter: Bool { false }
}

/// TEMPORARY.
public struct ParameterPart: ~Copyable {
  public let name: String
  public let weights: UnsafeMutableBufferPointer<Float>
  public let gradient: UnsafeBufferPointer<Float>
  public let step: Int
  public let rate: Float
  public let decays: Bool
  private let slots: [UnsafeMutableBufferPointer<Float>]

  public init(
    name: String, weights: UnsafeMutableBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>,
    slots: [UnsafeMutableBufferPointer<Float>], step: Int, rate: Float, decays: Bool
  ) {
    self.name = name
    self.weights = weights
    self.gradient = gradient
    self.slots = slots
    self.step = step
    self.rate = rate
    self.decays = decays
  }

  public func slot(_ index: Int) -> UnsafeMutableBufferPointer<Float> { slots[index] }
}

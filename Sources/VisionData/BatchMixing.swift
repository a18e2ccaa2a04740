package import VisionImage
import VisionSystem
import VisionTensor

/// Mixes each sample of a batch, and its target, with the sample before it.
///
/// MixUp: x = λ·x + (1 − λ)·x′ (Zhang et al. 2017). CutMix: a rectangle with 1 − λ of the area is taken from
/// x′, and λ is set to the part of x that actually remains (Yun et al. 2019). λ ~ Beta(α, α), one λ per
/// batch. If both are enabled, each batch randomly uses one of them. Batches are shuffled, so the sample
/// before is a random one, as in torchvision.
public struct BatchMixing: Sendable, Hashable {
  /// α of MixUp, above 0; nil disables it.
  public var mixUp: Double?
  /// α of CutMix, above 0; nil disables it.
  public var cutMix: Double?
  /// The fraction of batches that are mixed, 0...1.
  public var probability: Double

  public init(mixUp: Double? = nil, cutMix: Double? = nil, probability: Double = 1) {
    (self.mixUp, self.cutMix, self.probability) = (mixUp, cutMix, probability)
  }

  private static let site: UInt32 = 0xA000_0000

  /// Checks the values, that all tensors can be mixed, and for CutMix that inputs are C×H×W.
  func check(_ specs: [TensorSpec]) throws(TrainingError) {
    for (name, alpha) in [("mixUp", mixUp), ("cutMix", cutMix)] {
      guard alpha.map({ $0 > 0 && $0.isFinite }) ?? true else {
        throw TrainingError(.invalidArgument, "the α of \(name) is not above 0")
      }
    }
    guard (0...1).contains(probability) else {
      throw TrainingError(.invalidArgument, "a probability of \(probability) is not in 0...1")
    }
    if let spec = specs.first(where: { $0.mixing == .forbidden || $0.variableAxis != nil }) {
      throw TrainingError(
        .invalidArgument, "samples cannot be mixed: '\(spec.name)' is nothing that can be averaged",
        remedy: "train without MixUp and CutMix")
    }
    guard cutMix == nil || specs.first?.shape.count == 3 else {
      throw TrainingError(
        .shape, "CutMix wants inputs C×H×W, not \(specs.first.map { "\($0.bounds)" } ?? "none")")
    }
  }

  /// Mixes a batch whose samples are written: the first tensor by CutMix or MixUp, the others as averages.
  func apply(to batch: BatchMemory, seed: UInt64) {
    guard batch.count > 1, mixUp != nil || cutMix != nil else { return }
    var random = AugmentationRandom(
      AugmentationKey(seed: seed, epoch: batch.epoch, sample: batch.position), absoluteSite: Self.site)
    guard random.happens(probability) else { return }
    let isCut = mixUp == nil || (cutMix != nil && random.happens(0.5))
    let lambda = Self.beta((isCut ? cutMix : mixUp) ?? 1, &random)
    var part = Float(lambda)
    if isCut {
      let shape = batch.parts[0].spec.bounds
      let box = Self.box(lambda, shape[2], shape[1], &random)
      let area = box.columns.count * box.rows.count
      part = 1 - Float(area) / Float(shape[1] * shape[2])
      Self.roll(batch, 0) { image, other in
        for channel in 0..<shape[0] {
          for row in box.rows {
            let start = (channel * shape[1] + row) * shape[2] + box.columns.lowerBound
            let places = start..<start + box.columns.count
            _ = UnsafeMutableBufferPointer(rebasing: image[places]).update(fromContentsOf: other[places])
          }
        }
      }
    }
    for index in (isCut ? 1 : 0)..<batch.parts.count {
      Self.roll(batch, index) { numbers, others in Self.blend(numbers, others, part) }
    }
  }

  /// Calls `mix` for a tensor of each sample and of the one before it, from the last to the first, whose predecessor is kept
  /// aside.
  private static func roll(
    _ batch: BatchMemory, _ index: Int,
    _ mix: (_ numbers: UnsafeMutableBufferPointer<Float>, _ others: UnsafeBufferPointer<Float>) -> Void
  ) {
    let spare = batch.floats(index, row: batch.spareRow)
    let last = batch.count - 1
    _ = spare.update(fromContentsOf: batch.floats(index, row: last))
    for row in stride(from: last, through: 0, by: -1) {
      let others = row > 0 ? batch.floats(index, row: row - 1) : spare
      mix(batch.floats(index, row: row), UnsafeBufferPointer(others))
    }
  }

  private static func blend(
    _ a: UnsafeMutableBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ part: Float
  ) {
    let rest = 1 - part
    for index in a.indices { a[index] = a[index] * part + b[index] * rest }
  }

  /// A rectangle with 1 − λ of the area around a uniformly random point, clipped at the borders.
  static func box(
    _ lambda: Double, _ width: Int, _ height: Int, _ random: inout AugmentationRandom
  ) -> (columns: Range<Int>, rows: Range<Int>) {
    let (x, y) = (random.integer(below: width), random.integer(below: height))
    let half = 0.5 * (1 - lambda).squareRoot()
    let (w, h) = (Int(saturating: half * Double(width)), Int(saturating: half * Double(height)))
    return (max(x - w, 0)..<min(x + w, width), max(y - h, 0)..<min(y + h, height))
  }

  /// A random number with the distribution Beta(α, α).
  ///
  /// For α < 1 by Jöhnk's method, in logarithms because powers with exponent 1/α underflow; otherwise from
  /// two gamma-distributed numbers (Marsaglia and Tsang 2000).
  package static func beta(_ alpha: Double, _ random: inout AugmentationRandom) -> Double {
    func open() -> Double { (Double(random.bits()) + 0.5) * 0x1p-32 }
    if alpha < 1 {
      while true {
        let (a, b) = (log(open()) / alpha, log(open()) / alpha)
        let top = max(a, b)
        // log(eᵃ + eᵇ)
        let sum = top + log(exp(a - top) + exp(b - top))
        if sum <= 0 { return exp(a - sum) }
      }
    }
    func gamma() -> Double {
      let d = alpha - 1.0 / 3
      let c = 1 / (9 * d).squareRoot()
      while true {
        let x = (-2 * log(open())).squareRoot() * cos(2 * .pi * open())
        let v = 1 + c * x
        let cube = v * v * v
        if v > 0, log(open()) < 0.5 * x * x + d - d * cube + d * log(cube) { return d * cube }
      }
    }
    let (a, b) = (gamma(), gamma())
    return a / (a + b)
  }
}

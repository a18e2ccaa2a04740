import VisionSystem
import VisionTensor

extension Model {
  /// How a network was quantized, and the loss of accuracy.
  public struct Quantization: Sendable, Hashable {
    /// The method that chose the ranges of the activations, such as `mse`.
    public var method: String
    /// The number of images on which the ranges were measured.
    public var images: Int
    /// The seed with which those images were chosen.
    public var seed: UInt64
    /// The number of images with which the following figures were measured.
    public var testImages: Int
    /// Whether the test images were not used for the ranges.
    public var isHeldOut: Bool
    /// The fraction of images classified correctly before and after quantization; nil if the classes are not
    /// known.
    public var top1: (before: Double, after: Double)?
    /// Of a classifier the fraction of images for which both networks predict the same class, of a detector the fraction of
    /// objects that both find; nil for other networks.
    public var agreement: Double?
    /// COCO's mean average precision of a detector before and after quantization; nil without annotations.
    public var boxPrecision: (before: Double, after: Double)?
    /// The signal-to-noise ratio of the logits, or the mean of those of all outputs, in decibels: 10 · log₁₀(Σ y² / Σ (y′ − y)²).
    public var signalToNoise: Double

    public init(
      method: String, images: Int, seed: UInt64, testImages: Int, isHeldOut: Bool,
      top1: (before: Double, after: Double)?, agreement: Double?,
      boxPrecision: (before: Double, after: Double)? = nil, signalToNoise: Double
    ) {
      self.method = method
      self.images = images
      self.seed = seed
      self.testImages = testImages
      self.isHeldOut = isHeldOut
      self.top1 = top1
      self.agreement = agreement
      self.boxPrecision = boxPrecision
      self.signalToNoise = signalToNoise
    }

    public static func == (a: Self, b: Self) -> Bool { a.members.elementsEqual(b.members) { $0 == $1 } }
    public func hash(into hasher: inout Hasher) { for (_, text) in members { hasher.combine(text) } }

    /// The members of its JSON object, in order; the seed is a text, because a JSON number does not preserve
    /// all 64 bits.
    var members: [(String, String)] {
      var members = [
        ("method", JSONText.quoted(method)), ("images", "\(images)"), ("seed", JSONText.quoted("\(seed)")),
        ("pictures", "\(testImages)"), ("heldOut", isHeldOut ? "true" : "false"),
      ]
      if let top1 {
        members += [("top1Before", JSONText(top1.before).text), ("top1After", JSONText(top1.after).text)]
      }
      if let agreement { members.append(("agreement", JSONText(agreement).text)) }
      if let boxPrecision {
        members += [
          ("mapBefore", JSONText(boxPrecision.before).text), ("mapAfter", JSONText(boxPrecision.after).text),
        ]
      }
      return members + [("signalToNoise", JSONText(signalToNoise).text)]
    }

    /// Reads the members of a JSON object; nil when any is missing.
    init?(_ member: (String) -> JSONText?) {
      guard let method = member("method")?.string, let images = member("images")?.integer,
        let seed = member("seed")?.string.flatMap({ UInt64($0) }),
        let testImages = member("pictures")?.integer,
        case .bool(let isHeldOut)? = member("heldOut"),
        let noise = member("signalToNoise")?.double
      else { return nil }
      func pair(_ name: String) -> (before: Double, after: Double)? {
        member("\(name)Before")?.double.flatMap { before in
          member("\(name)After")?.double.map { (before: before, after: $0) }
        }
      }
      self.init(
        method: method, images: images, seed: seed, testImages: testImages, isHeldOut: isHeldOut,
        top1: pair("top1"), agreement: member("agreement")?.double, boxPrecision: pair("map"),
        signalToNoise: noise)
    }
  }
}

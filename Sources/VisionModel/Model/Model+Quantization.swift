import VisionSystem
import VisionTensor

extension Model {
  /// How a network was rounded to bytes, and what that cost.
  public struct Quantization: Sendable, Hashable {
    /// What the ranges of the activations were chosen by, such as `mse`.
    public var method: String
    /// Images that the ranges were measured on.
    public var images: Int
    /// Which of the images that were.
    public var seed: UInt64
    /// Images that the figures below are of.
    public var testImages: Int
    /// Whether these were others than those of the ranges.
    public var isHeldOut: Bool
    /// The part of the images whose class was found before and after; nil where the classes are not known.
    public var top1: (before: Double, after: Double)?
    /// The part of the images that both networks take for the same class.
    public var agreement: Double
    /// The signal-to-noise ratio of the logits in decibels: 10 · log₁₀(Σ y² / Σ (y′ − y)²).
    public var signalToNoise: Double

    public init(
      method: String, images: Int, seed: UInt64, testImages: Int, isHeldOut: Bool,
      top1: (before: Double, after: Double)?, agreement: Double, signalToNoise: Double
    ) {
      self.method = method
      self.images = images
      self.seed = seed
      self.testImages = testImages
      self.isHeldOut = isHeldOut
      self.top1 = top1
      self.agreement = agreement
      self.signalToNoise = signalToNoise
    }

    public static func == (a: Self, b: Self) -> Bool { a.members.elementsEqual(b.members) { $0 == $1 } }
    public func hash(into hasher: inout Hasher) { for (_, text) in members { hasher.combine(text) } }

    /// The members of its JSON object, in order; the seed is a text, since not all 64 bits survive as a number.
    var members: [(String, String)] {
      var members = [
        ("method", JSONText.quoted(method)), ("images", "\(images)"), ("seed", JSONText.quoted("\(seed)")),
        ("pictures", "\(testImages)"), ("heldOut", isHeldOut ? "true" : "false"),
      ]
      if let top1 {
        members += [("top1Before", JSONText(top1.before).text), ("top1After", JSONText(top1.after).text)]
      }
      return members + [
        ("agreement", JSONText(agreement).text), ("signalToNoise", JSONText(signalToNoise).text),
      ]
    }

    /// Reads the members of a JSON object; nil when some are missing.
    init?(_ member: (String) -> JSONText?) {
      guard let method = member("method")?.string, let images = member("images")?.integer,
        let seed = member("seed")?.string.flatMap({ UInt64($0) }),
        let testImages = member("pictures")?.integer,
        case .bool(let isHeldOut)? = member("heldOut"), let agreement = member("agreement")?.double,
        let noise = member("signalToNoise")?.double
      else { return nil }
      let top1 = member("top1Before")?.double.flatMap { before in
        member("top1After")?.double.map { (before: before, after: $0) }
      }
      self.init(
        method: method, images: images, seed: seed, testImages: testImages, isHeldOut: isHeldOut, top1: top1,
        agreement: agreement, signalToNoise: noise)
    }
  }
}

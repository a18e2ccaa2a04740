import VisionSystem
import VisionTensor

/// How strongly training images are changed.
public enum AugmentationPreset: String, Sendable, Hashable, CaseIterable {
  /// Not at all.
  case none
  /// Place and side only.
  case light
  /// Also a little color, turns of symbols, and sometimes an erased rectangle.
  case standard
  /// TrivialAugment, or larger turns of symbols, and often an erased rectangle.
  case strong
}

/// What images show, as far as it decides about what may be done to them.
public enum ImageContent: String, Sendable, Hashable, CaseIterable {
  /// Things that look as well from the other side.
  case things
  /// Digits, letters, signs: never mirrored, hardly cut, and turned a little.
  case symbols

  /// A guess: symbols when all images looked at are gray, or when every class is a digit, a letter or its name, or one
  /// of left and right is among the classes.
  public init(labels: [String], areGray: Bool) {
    let words: Set<String> = [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    let names = labels.map { $0.lowercased() }
    let areShort =
      !names.isEmpty && names.allSatisfy { $0.count == 1 || Int($0) != nil || words.contains($0) }
    let haveSides = names.contains { name in
      name.split { !$0.isLetter }.contains { $0 == "left" || $0 == "right" }
    }
    self = areGray || areShort || haveSides ? .symbols : .things
  }
}

extension AugmentationPolicy {
  /// Inputs with a shorter side below this are small: moved instead of cut and resized, which would blur them.
  public static let smallSide = 64

  /// The augmentations of a preset for a network's input of the given size.
  public init(_ preset: AugmentationPreset, width: Int, height: Int, content: ImageContent) {
    guard preset != .none else {
      self.init()
      return
    }
    let side = min(width, height)
    var steps: [any Augmentation] = []
    if side < Self.smallSide {
      // 4 pixels of 32, 2 of 28 for symbols, which touch the border soon.
      steps.append(PadAndCrop(padding: max(1, content == .things ? side / 8 : side / 14)))
    } else if content == .symbols {
      steps.append(RandomResizedCrop(scale: 0.8...1, ratio: 0.9...1.1))
    } else {
      let scale = [AugmentationPreset.light: 0.5, .standard: 0.35, .strong: 0.2][preset] ?? 0.5
      steps.append(RandomResizedCrop(scale: scale...1))
    }
    if content == .things { steps.append(HorizontalFlip()) }
    switch (preset, content) {
    case (.none, _), (.light, _): break
    case (.standard, .things):
      steps.append(ColorJitter(brightness: 0.25, contrast: 0.25, saturation: 0.25))
      steps.append(RandomErasing(probability: 0.1, scale: 0.02...0.2))
    case (.standard, .symbols):
      steps.append(Rotation(degrees: 10))
      steps.append(ColorJitter(brightness: 0.2, contrast: 0.2, saturation: 0.2))
    case (.strong, .things):
      steps.append(TrivialAugment())
      steps.append(RandomErasing(probability: 0.25))
    case (.strong, .symbols):
      steps.append(Rotation(degrees: 15))
      steps.append(ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4))
      steps.append(RandomErasing(probability: 0.25, scale: 0.02...0.15))
    }
    self.init(steps)
  }
}

import VisionSystem
import VisionTensor

/// How strongly training images are changed.
public enum AugmentationPreset: String, Sendable, Hashable, CaseIterable {
  /// No changes.
  case none
  /// Only crops, shifts and mirroring.
  case light
  /// Like `light`, with slight changes of color; symbols are rotated, and other images sometimes get an
  /// erased rectangle.
  case standard
  /// Like `light`, with TrivialAugment, or stronger rotations and colors for symbols, and often an erased
  /// rectangle.
  case strong
}

/// What images show, which determines the changes that preserve their class.
public enum ImageContent: String, Sendable, Hashable, CaseIterable {
  /// Things that may be mirrored.
  case things
  /// Digits, letters and signs: never mirrored, cropped and rotated only a little.
  case symbols

  /// A guess. The content is symbols if all examined images are gray, if every class is a single character, a
  /// number or a number word up to ten, or if a class contains the word "left" or "right".
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
  /// Inputs with a shorter side below this are shifted instead of cropped and resized, which would blur them.
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
      // 4 of 32 pixels; 2 of 28 for symbols, which are close to the border.
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

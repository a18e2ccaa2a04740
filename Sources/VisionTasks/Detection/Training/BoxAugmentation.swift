public import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

/// How training images with boxes are changed: put together, resized, moved, mirrored and recolored.
///
/// Images only move along the axes, so that boxes stay tight.
public struct BoxAugmentation: Sendable, Hashable {
  /// The size of an image relative to the one that it has at inference, uniform in its logarithm. A larger image is
  /// cut off at a random place, a smaller one lies at a random place (large scale jitter, Ghiasi et al. 2021).
  public var zoom: ClosedRange<Double>
  /// The largest factor, at least 1, by which the ratio of width to height changes.
  public var stretch: Double
  /// The probability of mirroring left to right.
  public var flip: Double
  /// The changes of color; nil for none.
  public var color: ColorJitter?
  /// The probability that four images are put together (mosaic, Bochkovskiy et al. 2020).
  public var mosaic: Double
  /// α of MixUp, which blends each sample with another one, with a share from Beta(α, α); 0 for none.
  public var mixup: Double
  /// The probability that objects of another image are pasted in, cut out by their outlines (copy-paste, Ghiasi et al. 2021).
  public var paste: Double
  /// The number of epochs in which images are put together and blended, and objects are pasted. In later ones a sample is one image, as it is
  /// at inference (Ge et al. 2021, YOLOX).
  public var mixedEpochs: Int

  public init(
    zoom: ClosedRange<Double> = 1...1, stretch: Double = 1, flip: Double = 0, color: ColorJitter? = nil,
    mosaic: Double = 0, mixup: Double = 0, paste: Double = 0, mixedEpochs: Int = .max
  ) {
    (self.zoom, self.stretch, self.flip, self.color) = (zoom, stretch, flip, color)
    (self.mosaic, self.mixup, self.paste, self.mixedEpochs) = (mosaic, mixup, paste, mixedEpochs)
  }

  /// No changes: training sees what inference sees.
  public static let none = BoxAugmentation()

  /// The augmentation of a preset.
  ///
  /// - Parameters:
  ///   - content: symbols, and classes that name a side, are never mirrored.
  ///   - epochs: of the run; in the last sixth of them samples are single images.
  public init(_ preset: AugmentationPreset, content: ImageContent, epochs: Int) {
    self.init(mosaic: preset.mosaic, mixedEpochs: epochs - (epochs + 5) / 6)
    if preset != .none, content == .things { flip = 0.5 }
    switch preset {
    case .none: break
    case .light: (zoom, stretch) = (0.8...1.25, 1.1)
    case .standard:
      (zoom, stretch) = (0.5...1.5, 1.2)
      color = ColorJitter(brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.015)
    case .strong:
      (zoom, stretch) = (0.3...1.8, 1.3)
      color = ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.7, hue: 0.03)
    }
  }

  /// How many images a sample may show.
  public var imagesOfASample: Int { (mosaic > 0 ? 4 : 1) * (mixup > 0 ? 2 : 1) + (paste > 0 ? 1 : 0) }

  /// A text for people, such as `zoom 0.5...1.5, mirrored, mosaic`.
  package var readable: String {
    var parts: [String] = []
    func text(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
    if zoom != 1...1 { parts.append("zoom \(text(zoom.lowerBound))...\(text(zoom.upperBound))") }
    if stretch > 1 { parts.append("stretched by up to \(text(stretch))") }
    if flip > 0 { parts.append("mirrored") }
    if color != nil { parts.append("colors") }
    if mosaic > 0 { parts.append("mosaic of four (\(text(mosaic)) of the samples)") }
    if paste > 0 { parts.append("objects pasted in (\(text(paste)) of the samples)") }
    if mixup > 0 { parts.append("MixUp (alpha \(text(mixup)))") }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}

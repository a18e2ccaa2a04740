import VisionData
import VisionGraph
import VisionImage
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTraining

/// What a detector is trained from: a backbone, and how images become its input.
struct DetectorStart {
  let network: StartingNetwork
  let preprocessing: Preprocessing
  let isPretrained: Bool
  /// The classes of the data that the network of the start knows already.
  private(set) var known: [String] = []

  /// The gray around images that do not have the shape of the input; the usual one, of YOLO.
  static let around = RGBColor(red: 114, green: 114, blue: 114)

  /// - Parameter pretrained: the network whose weights are the beginning; nil for random weights.
  /// - Throws: `TrainingError`: `architecture` for an unknown network, `preprocessing` for a pretrained one that does not
  ///   say how images become its input.
  init(_ survey: AnnotatedSurvey, _ settings: ResolvedSettings, _ pretrained: Model?) throws(TrainingError) {
    isPretrained = pretrained != nil
    guard let size = settings[.imageSize] else {
      throw TrainingError(.settings, "the settings are not those of a detector")
    }
    if let pretrained {
      guard let own = pretrained.preprocessing else {
        throw TrainingError(
          .preprocessing, "the model does not say how images become its input",
          place: pretrained.provenance?.name, remedy: "start from a network that does")
      }
      if pretrained.task == ObjectDetection.name {
        do {
          let backbone = try DetectorBackbone(
            pretrained, head: DetectionHead(), classes: survey.data.classes, seed: settings[.seed])
          network = .pretrained(backbone.model, head: backbone.head)
          known = backbone.known
        } catch { throw TrainingError.wrapping(error) }
      } else {
        network = .pretrained(pretrained, head: nil)
      }
      preprocessing = try Self.fitted(own, size, settings)
      return
    }
    network = .layers(try Self.architecture(settings).network())
    let channels = survey.isGray ? 1 : 3
    do {
      let own = try Preprocessing(
        width: size.width, height: size.height, fit: .squash, filter: .bilinear,
        channels: survey.isGray ? .gray : .rgb, scale: [Double](repeating: 1 / 255, count: channels),
        mean: Array(survey.mean.prefix(channels)), deviation: Array(survey.deviation.prefix(channels)))
      preprocessing = try Self.fitted(own, size, settings)
    } catch { throw TrainingError.wrapping(error) }
  }

  /// The network with random weights that the settings name.
  static func architecture(_ settings: ResolvedSettings) throws(TrainingError) -> Architecture {
    guard let name = settings[.architecture] else {
      throw TrainingError(.settings, "the settings name no network")
    }
    return try Architecture.found(name)
  }

  /// The same numbers for pixels; the whole image, as large as it fits into the input.
  private static func fitted(_ own: Preprocessing, _ size: ImageSize, _ settings: ResolvedSettings)
    throws(TrainingError) -> Preprocessing
  {
    do {
      let fitted = try Preprocessing(
        width: size.width, height: size.height, fit: .letterbox(fill: around), filter: .bilinear,
        channels: own.channels, scale: own.scale, mean: own.mean, deviation: own.deviation,
        decoding: own.decoding, levels: own.levels)
      return try settings.applied(to: fitted)
    } catch { throw TrainingError.wrapping(error) }
  }
}

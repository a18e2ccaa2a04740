import VisionCompute
public import VisionImage
import VisionInference
import VisionModel
import VisionStore
import VisionSystem
public import VisionTasks
import VisionTensor

/// Finds faces in images, with five points of each, and tells by wish what expression they seem to have.
///
/// A face detector is immutable; any number of threads may call it at once.
///
/// ```swift
/// let detector = try FaceDetector(pretrained: "yunet")
/// for face in try detector.detect(Image(contentsOf: "party.jpg")) { print(face.score, face.box) }
/// ```
public final class FaceDetector: Sendable {
  package let task: FaceDetection
  private let pipeline: DetectorPipeline
  private let emotions: ImageClassifier?
  private let findsLargeFaces: Bool
  /// What is known of the detector's file, for people.
  package let note: String?

  /// The least share of the likeliest emotion, where the network for emotions does not say one: below it, nobody could tell.
  public static let emotionThreshold = 0.4

  /// Reads a detector, and a network for emotions.
  ///
  /// - Parameters:
  ///   - path: a detector that gives five points of each face, such as YuNet's ONNX file.
  ///   - emotions: a classifier of faces; nil to leave emotions out.
  ///   - confidence: the lowest score that counts, 0...1; by default the detector's own.
  ///   - findsLargeFaces: whether images above 1280 pixels are looked at a second time, made smaller, for faces that are too large
  ///     for the detector.
  ///   - threads: threads to compute with; by default one per core.
  /// - Throws: a `VisionError` when a file cannot be used.
  public init(
    contentsOf path: String, emotions: ImageClassifier? = nil, confidence: Float? = nil,
    findsLargeFaces: Bool = true, threads: Int? = nil
  ) throws {
    let network = try DetectorNetwork(Model(contentsOf: path))
    var objects = try ObjectDetection(network.model)
    if let confidence { objects.selection.confidence = confidence }
    objects.selection.maximum = 5000
    task = try FaceDetection(objects)
    pipeline = try DetectorPipeline(network, objects, on: Executor(threads: threads))
    note = network.note
    self.emotions = emotions
    self.findsLargeFaces = findsLargeFaces
  }

  /// Reads pretrained networks from the user's store, and downloads them first if they are not there.
  ///
  /// - Parameters:
  ///   - name: see `PretrainedStore`.
  ///   - emotions: the name of a pretrained network for emotions, such as `fer`; nil to leave emotions out.
  ///   - offline: whether downloading is forbidden.
  public convenience init(
    pretrained name: String = "yunet", emotions: String? = nil, confidence: Float? = nil,
    findsLargeFaces: Bool = true, offline: Bool = false, threads: Int? = nil
  ) throws {
    let classifier = try emotions.map {
      try ImageClassifier(pretrained: $0, offline: offline, threads: threads)
    }
    try self.init(
      contentsOf: PretrainedStore.standard().resolve(name, offline: offline), emotions: classifier,
      confidence: confidence, findsLargeFaces: findsLargeFaces, threads: threads)
  }

  /// The faces in an image, the highest score first.
  ///
  /// - Throws: a `VisionError` when the image cannot be prepared or the network gives no numbers.
  public func detect(_ image: Image) throws -> [Face] {
    let faces = try find(in: image)
    guard let emotions, !faces.isEmpty else { return faces }
    return try faces.map { face in
      var face = face
      face.emotions = try self.emotions(of: face, in: image, emotions)
      return face
    }
  }

  private func find(in image: Image) throws -> [Face] {
    let faces = try pipeline.predict([image])[0].map { Face($0) }
    let longer = max(image.width, image.height)
    guard findsLargeFaces, longer > Face.largestSingleLook else { return faces }
    let (width, height) = (
      max(1, image.width * Face.secondLook / longer), max(1, image.height * Face.secondLook / longer)
    )
    let small = try image.resized(width: width, height: height, filter: .bilinear)
    return Face.merged(
      faces, try pipeline.predict([small])[0].map { Face($0) },
      scale: (Double(image.width) / Double(width), Double(image.height) / Double(height)))
  }

  /// The faces in the image in a file, the highest score first.
  ///
  /// - Throws: a `VisionError`, as `detect(_:)`, or when the file cannot be read.
  public func detect(contentsOf path: String, options: ImageOptions = ImageOptions()) throws -> [Face] {
    try detect(Image(contentsOf: path, options: options))
  }

  /// A face turned upright and scaled to 112×112 pixels, as networks that tell people apart want it; nil where its points do not say
  /// how it lies.
  ///
  /// - Throws: `outOfMemory`.
  public static func aligned(_ face: Face, in image: Image) throws(ImageError) -> Image? {
    try FaceAlignment.recognition.image(of: face.points, in: image, side: FaceAlignment.recognitionSide)
  }

  private func emotions(of face: Face, in image: Image, _ classifier: ImageClassifier) throws -> Face.Emotions
  {
    guard let part = try FaceAlignment.expression(of: face.points, in: image) else {
      return Face.Emotions(shares: [], isUnknown: true)
    }
    let shares = try classifier.classify(part, top: classifier.labels.count)
    let threshold = classifier.threshold ?? Self.emotionThreshold
    return Face.Emotions(shares: shares, isUnknown: Double(shares.first?.probability ?? 0) < threshold)
  }
}

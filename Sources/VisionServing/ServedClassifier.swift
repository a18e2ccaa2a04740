import VisionCompute
import VisionImage
import VisionInference
import VisionNet
import VisionSystem
import VisionTasks

/// A classifier behind the service.
struct ServedClassifier: ServedPredictor {
  let classifier: ImageClassifier
  private let embedding = OnDemand<ServedEmbedding>()
  private let explainer = OnDemand<Explainer>()

  /// The longest side of a picture in pixels.
  static let longestSide = 1024

  init(_ classifier: ImageClassifier) { self.classifier = classifier }

  var task: ServedTask { .classification }
  var labels: [String] { classifier.labels }

  func outcomes(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome] {
    let task = classifier.task
    return try ImageRecords.outcomes(of: images, name: \.name) { (asked) throws(ImageError) in
      try Image(encoded: asked.bytes, options: classifier.reading(options))
    } predict: {
      try classifier.scores($0)
    } record: { asked, _, scores in
      var task = task
      task.top = asked.top
      return task.record(scores)
    }
  }

  func embeddings(of images: [ServedImage], options: ImageOptions) throws -> [SubjectOutcome] {
    let embedding = try embedding { try ServedEmbedding(classifier) }
    return try ImageRecords.outcomes(of: images, name: \.name) { (asked) throws(ImageError) in
      try Image(encoded: asked.bytes, options: classifier.reading(options))
    } predict: {
      try embedding.numbers(of: $0)
    } record: { _, _, numbers in
      Record(line: [], fields: [("embedding", .array(numbers.map { .float($0) }))], rows: [])
    }
  }

  func heatMap(of image: ServedImage, isPicture: Bool, options: ImageOptions) throws -> (
    outcome: SubjectOutcome, picture: [UInt8]?
  ) {
    let explainer = try explainer {
      try Explainer(classifier.model, preprocessing: classifier.preprocessing)
    }
    var picture: [UInt8]?
    let outcomes = try ImageRecords.outcomes(of: [image], name: \.name) { (asked) throws(ImageError) in
      // The picture shows the whole image, even if the network sees only a part of it.
      try Image(encoded: asked.bytes, options: options)
    } predict: { images in
      try images.map { whole in
        let isWhole = classifier.preprocessing.decoding == .full
        let seen = isWhole ? whole : try Image(encoded: image.bytes, options: classifier.reading(options))
        let scores = try classifier.scores([seen])[0]
        let index = try index(for: image.target, scores)
        let map = try explainer.heatMap(of: seen, class: index, threads: classifier.executor.threads)
        if isPicture { picture = try map.overlay(on: Self.small(whole)).pngData() }
        return (index, scores.probabilities[index], map)
      }
    } record: { _, _, found in
      let (index, probability, map) = found
      return Record(
        line: [],
        fields: [
          ("label", .string(labels[index])), ("index", .integer(index)), ("probability", .float(probability)),
          ("columns", .integer(map.width)), ("rows", .integer(map.height)),
          ("evidence", .array(map.evidence.map { .float($0) })),
        ], rows: [])
    }
    guard let outcome = outcomes.first else { throw ImageError(.outOfMemory, "the network gave no answer") }
    return (outcome, picture)
  }

  /// The class that is asked for, or else the most likely one.
  private func index(for target: ServedClass?, _ scores: ClassScores) throws(ImageError) -> Int {
    guard let target else { return scores.top(1, labels: labels).first?.index ?? 0 }
    guard let index = target.index(in: labels) else {
      throw ImageError(.invalidArgument, "the model has no class \(target.text)")
    }
    return index
  }

  /// The image, or a smaller one.
  private static func small(_ image: Image) throws(ImageError) -> Image {
    let longest = max(image.width, image.height)
    guard longest > longestSide else { return image }
    func scaled(_ side: Int) -> Int { max(1, (side * longestSide + longest / 2) / longest) }
    return try image.resized(width: scaled(image.width), height: scaled(image.height), filter: .bilinear)
  }

  func network(on executor: Executor) throws -> ServedNetwork {
    let task = classifier.task
    var options = SessionPool.Options(weights: classifier.packedWeights)
    options.rows = (task.bound, task.roles.output.value)
    return try ServedNetwork(
      task.graph(of: classifier.model), calling: task.outputs.map(\.name), classifier.model, task.input.specs,
      batch: .upTo(ImageClassifier.largestBatch), on: executor, options)
  }

  func releaseMemory() {
    classifier.releaseMemory()
    explainer.remove()
  }
}

import Testing
import VisionData
import VisionGraph
import VisionImage
import VisionInference
import VisionLayers
import VisionModel
import VisionSystem
import VisionTensor
import VisionTraining

@testable import VisionTasks

@Suite struct DetectionTrainingTests {
  /// Squares in one of two colors on gray, one or two in an image.
  private struct Squares: SampleSource {
    let count: Int

    func sample(_ index: Int) throws(TrainingError) -> Sample<Image, BoxTruth> {
      let (width, height) = (48, 40)
      let objects = (0...index % 2).map { number in
        let side = 12 + 3 * ((index + number) % 3)
        let (x, y) = (number * 24 + index * 5 % (24 - side), index * 7 % (height - side))
        return BoxTruth.Object(
          box: Box(x: Double(x), y: Double(y), width: Double(side), height: Double(side)),
          index: (index + number) % 2)
      }
      var pixels = [UInt8](repeating: 90, count: width * height * 3)
      for object in objects {
        for row in Int(saturating: object.box.y)..<Int(saturating: object.box.bottom) {
          for column in Int(saturating: object.box.x)..<Int(saturating: object.box.right) {
            for channel in 0..<3 {
              pixels[(row * width + column) * 3 + channel] = channel == 2 * object.index ? 250 : 10
            }
          }
        }
      }
      do {
        return Sample(
          name: "\(index)", subject: try Image(width: width, height: height, pixels: pixels),
          truth: BoxTruth(objects))
      } catch { throw TrainingError(error) }
    }
  }

  /// Features at the strides 4 and 8.
  private struct Body: Layer {
    func callAsFunction(_ x: Value) throws(GraphError) -> Value {
      try Sequential {
        for index in 0..<3 {
          Conv2D(12, kernel: 3, stride: 2, bias: false).named("conv\(index)")
          BatchNorm().named("norm\(index)")
          ReLU().named("relu\(index)")
        }
      }(x)
    }
  }

  private func preprocessing() throws -> Preprocessing {
    try Preprocessing(
      width: 32, height: 32, fit: .squash, scale: [1.0 / 255, 1.0 / 255, 1.0 / 255],
      mean: [0.4, 0.4, 0.4], deviation: [0.3, 0.3, 0.3])
  }

  private func task(objects: Int = 3) throws -> ObjectDetection {
    try ObjectDetection(
      labels: ["red", "blue"], preprocessing: preprocessing(),
      head: DetectionHead(strides: [4, 8], bins: 8, channels: 12, kernel: 3, depth: 1, objects: objects))
  }

  private var settings: TrainerSettings {
    var settings = TrainerSettings()
    (settings.batchSize, settings.lastBatch) = (2, .leftOut)
    settings.schedule = CosineSchedule(5e-3, warmUp: .steps(2))
    return settings
  }

  /// Whether the detections are these objects, in any order.
  private static func areEqual(_ detections: [Detection], _ truth: BoxTruth) -> Bool {
    detections.count == truth.objects.count
      && truth.objects.allSatisfy { object in
        detections.contains { found in
          found.index == object.index && abs(found.box.x - object.box.x) < 1e-3
            && abs(found.box.y - object.box.y) < 1e-3 && abs(found.box.right - object.box.right) < 1e-3
            && abs(found.box.bottom - object.box.bottom) < 1e-3
        }
      }
  }

  @Test func isATask() throws {
    let task = try task()
    let places = 8 * 8 + 4 * 4
    try checkTask(
      task, on: Dataset(name: "squares", training: Squares(count: 4), validation: Squares(count: 3)),
      from: .layers(Body()), settings: settings,
      perfect: { targets in
        let rows = targets[0].floats
        var boxes = [Float](repeating: 0, count: places * 4)
        var scores = [Float](repeating: 0, count: places * 2)
        for row in 0..<3 where rows[row * 5] >= 0 {
          for side in 0..<4 { boxes[row * 4 + side] = rows[row * 5 + 1 + side] }
          scores[row * 2 + Int(saturating: rows[row * 5])] = 1
        }
        return [Tensor(boxes, shape: [1, places, 4]), Tensor(scores, shape: [1, places, 2])]
      }, isRight: Self.areEqual)
  }

  @Test func learnsToFindSquares() throws {
    var settings = settings
    settings.batchSize = 8
    let samples = Squares(count: 8)
    let run = try TrainingRun(
      task(), on: Dataset(name: "squares", training: samples, validation: samples), from: .layers(Body()),
      epochs: 80, settings: settings)
    let outcome = try run.run()
    let numbers = try #require(outcome.validation).evaluation.metrics().numbers
    #expect(try #require(numbers[.averagePrecision50]) > 0.9)
    // The confidence that was chosen is in the file, and finds the objects.
    let model = try Model(bytes: outcome.model.bytes())
    let read = try ObjectDetection(model)
    #expect(read.selection.confidence == outcome.calibrated.selection.confidence)
    #expect(read.selection.confidence != BoxSelection().confidence)
    #expect(read.head.strides == [4, 8] && read.head.bins == 8 && read.labels == ["red", "blue"])
    let pipeline = try InferencePipeline<ObjectDetection>(model, threads: 1)
    let found = try pipeline.predict([samples.sample(0).subject])[0]
    let truth = try #require(try samples.sample(0).truth)
    #expect(found.first?.index == truth.objects[0].index)
    #expect(found.first.map { BoxSelection.overlap($0.box, truth.objects[0].box) > 0.5 } == true)
  }

  /// Boxes and scores say the same as the numbers that the loss reads.
  @Test func decodesInTheGraph() throws {
    let task = try task()
    let run = try TrainingRun(
      task, on: Dataset(name: "squares", training: Squares(count: 2)), from: .layers(Body()), epochs: 1,
      settings: settings)
    #expect(run.graph.outputs.map(\.name) == ["raw", "boxes", "scores"])
    let input = Tensor(Philox(seed: 2).normal(count: 2 * 3 * 32 * 32), shape: [2, 3, 32, 32])
    let graph = try run.graph.bound(batch: 2)
    let results = try Interpreter(graph, parameters: graph.initialParameters(seed: 1)).run(["input": input])
    let raw = try #require(results["raw"])
    let (boxes, scores) = (try #require(results["boxes"]), try #require(results["scores"]))
    #expect(raw.shape == [2, 80, 34] && boxes.shape == [2, 80, 4] && scores.shape == [2, 80, 2])
    let grid = DetectionGrid(height: 32, width: 32, strides: [4, 8])
    let (numbers, found) = (raw.doubles, boxes.doubles)
    for place in 0..<2 * 80 {
      let (x, y, stride) = grid.places[place % 80]
      for side in 0..<4 {
        let first = place * 34 + 2 + side * 8
        let powers = numbers[first..<first + 8].map { Libm.exp($0) }
        let mean = powers.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / powers.reduce(0, +)
        let expected = (side % 2 == 0 ? x : y) + (side < 2 ? -mean : mean) * stride
        #expect(abs(found[place * 4 + side] - expected) < 1e-4)
      }
    }
    for (place, score) in scores.doubles.enumerated() {
      let logit = numbers[place / 2 * 34 + place % 2]
      #expect(abs(score - Libm.sigmoid(logit)) < 1e-6)
    }
    // Scores begin near the prior, so that many places without an object do not drown the others.
    #expect(scores.doubles.reduce(0, +) / Double(scores.elementCount) < 0.03)
  }

  @Test func marksWhatIsNotLearned() throws {
    let task = try task()
    let truth = BoxTruth([
      BoxTruth.Object(box: Box(x: 1, y: 2, width: 3, height: 4), index: 1),
      BoxTruth.Object(box: Box(x: 5, y: 6, width: 7, height: 8), index: 0, isIgnored: true),
    ])
    let rows = TensorRows(task.targets, capacity: 1)
    try task.write(truth, into: rows.slots(0))
    #expect(
      rows.tensor(0)
        == Tensor([1, 1, 2, 4, 6, -2, 5, 6, 12, 14, -1, 0, 0, 0, 0] as [Float], shape: [1, 3, 5]))
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(throws: ClassifierError.self) {
      try ObjectDetection(labels: [], preprocessing: preprocessing())
    }
    let task = try task(objects: 1)
    let rows = TensorRows(task.targets, capacity: 1)
    let box = Box(x: 0, y: 0, width: 9, height: 9)
    let wrong = [
      [BoxTruth.Object(box: box, index: 2)],
      [BoxTruth.Object(box: box, index: 0), BoxTruth.Object(box: box, index: 1)],
    ]
    for objects in wrong {
      let error = #expect(throws: TrainingError.self) {
        try task.write(BoxTruth(objects), into: rows.slots(0))
      }
      #expect(error?.kind == .data)
    }
    // A network without features of stride 16.
    let coarse = try ObjectDetection(
      labels: ["red"], preprocessing: preprocessing(), head: DetectionHead(strides: [4, 8, 16]))
    let error = #expect(throws: TrainingError.self) {
      _ = try TrainingRun(
        coarse, on: Dataset(name: "squares", training: Squares(count: 2)), from: .layers(Body()), epochs: 1)
    }
    #expect(error?.message.contains("stride 16") == true)
  }
}

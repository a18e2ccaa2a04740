import Testing
import VisionSystem
import VisionTestSupport
import VisionImage
import VisionTensor

@testable import VisionData

@Suite struct BatchLoaderTests {
  /// What a batch holds, copied.
  private struct Copy: Equatable {
    let images: [Float]
    let targets: [Float]
    let labels: [Int64]
    let samples: [Int]
    let epoch: Int
    let position: Int

    init(_ batch: borrowing TensorBatch) {
      let isClasses = batch.specs[1].type == .int64
      images = Array(batch.floats(0))
      (targets, labels) = isClasses ? ([], Array(batch.integers(1))) : (Array(batch.floats(1)), [])
      (samples, epoch, position) = (batch.samples, batch.epoch, batch.position)
    }
  }

  private func all(_ source: any TensorSource, _ options: BatchLoader.Options) throws -> [Copy] {
    let loader = try BatchLoader(source, options)
    var batches: [Copy] = []
    while let batch = try loader.next() {
      batches.append(Copy(batch))
      loader.recycle(batch)
    }
    return batches
  }

  private func code(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return (error as? TrainingError)?.code }
    return nil
  }

  private func numbers(_ count: Int, classes: Int = 3) throws -> TensorSamples {
    try TensorSamples(
      Tensor((0..<count * 2).map { Float($0) }, shape: [count, 2]),
      .labels((0..<count).map { $0 % classes }, classes: classes))
  }

  private func images(
    _ folder: SampleFolder, _ augmentation: AugmentationPolicy, cache: Int = 0
  ) throws -> ImageSamples {
    let data = try ImageFolder(folder.path, validation: 0)
    return try ImageSamples(
      data.training, classes: 3, preprocessing: .squashed(16), augmentation: augmentation,
      cache: ImageCache(byteBudget: cache))
  }

  @Test func threadsCacheAndRingDoNotShow() throws {
    let folder = try SampleFolder.colors(13)
    let policy = AugmentationPolicy(.strong, width: 16, height: 16, content: .things)
    let mixing = BatchMixing(mixUp: 0.2, cutMix: 1)
    func options(_ threads: Int, _ ahead: Int) -> BatchLoader.Options {
      .init(
        batchSize: 17, threads: threads, ahead: ahead, seed: 9, mode: .training(epochs: 0..<3), mixing: mixing
      )
    }
    let reference = try all(images(folder, policy), options(1, 1))
    #expect(reference.count == 6)
    for (threads, ahead, cache) in [(0, 1, 0), (2, 1, 0), (3, 5, 1 << 20), (8, 2, 2000), (1, 3, 1 << 20)] {
      #expect(try all(images(folder, policy, cache: cache), options(threads, ahead)) == reference)
    }
    #expect(reference[0] != reference[2])
  }

  @Test func epochsAreShufflesOfAllSamplesWithoutTheIncompleteBatch() throws {
    let source = try numbers(23)
    let batches = try all(source, .init(batchSize: 5, mode: .training(epochs: 2..<5)))
    #expect(batches.map(\.epoch) == [2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4])
    #expect(batches.map(\.position) == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
    let orders = (2..<5).map { epoch in batches.filter { $0.epoch == epoch }.flatMap(\.samples) }
    for order in orders {
      #expect(Set(order).count == 20)
      #expect(order != order.sorted())
    }
    #expect(orders[0] != orders[1] && orders[1] != orders[2])
    for batch in batches {
      #expect(batch.labels == batch.samples.map { Int64($0 % 3) })
      #expect(batch.images == batch.samples.flatMap { [Float($0 * 2), Float($0 * 2 + 1)] })
      #expect(batch.targets.isEmpty)
    }
    #expect(try all(source, .init(batchSize: 5, seed: 1, mode: .training(epochs: 2..<5))) != batches)
  }

  @Test func everySampleIsAsLikelyAtEveryPlace() throws {
    var first = [Int](repeating: 0, count: 5)
    var order = EpochOrder(count: 5, seed: 3)
    for epoch in 0..<2000 { first[order.samples(0..<1, epoch: epoch).first ?? 0] += 1 }
    // Five deviations of a binomial distribution.
    for count in first { #expect(abs(count - 400) < 90) }
  }

  @Test func trainingGoesOnWhereItStopped() throws {
    let folder = try SampleFolder.colors(9)
    let source = try images(folder, AugmentationPolicy(.light, width: 16, height: 16, content: .things))
    let whole = try all(source, .init(batchSize: 4, threads: 2, seed: 5, mode: .training(epochs: 0..<3)))
    #expect(whole.count == 18)
    for start in [0, 1, 6, 7, 17, 18] {
      let mode = BatchLoader.Mode.training(epochs: start / 6..<3, position: start % 6)
      if start == 18 {
        #expect(
          try all(source, .init(batchSize: 4, seed: 5, mode: .training(epochs: 2..<3, position: 6))) == [])
      } else {
        #expect(try all(source, .init(batchSize: 4, seed: 5, mode: mode)) == Array(whole[start...]))
      }
    }
  }

  @Test func fewSamplesMakeOneSmallerBatch() throws {
    let loader = try BatchLoader(numbers(3), .init(batchSize: 64, mode: .training(epochs: 0..<2)))
    #expect(loader.batchSize == 3 && loader.batchesPerEpoch == 1)
    guard let batch = try loader.next() else {
      Issue.record("no batch")
      return
    }
    let counts = (batch.count, batch.floats(0).count)
    #expect(counts == (3, 6))
    loader.recycle(batch)
  }

  @Test func evaluationSeesEverySampleOnceInOrder() throws {
    let folder = try SampleFolder.colors(7)
    let source = try images(folder, .none)
    let batches = try all(source, .init(batchSize: 8, threads: 3, mode: .evaluation))
    #expect(batches.map(\.samples) == [Array(0..<8), Array(8..<16), Array(16..<21)])
    for batch in batches {
      #expect(batch.images.count == batch.samples.count * 16 * 16 * 3)
      for (row, sample) in batch.samples.enumerated() {
        let image = try Image(contentsOf: source.images[sample].path)
        let expected = try Preprocessing.squashed(16).apply(to: image).floats
        #expect(Array(batch.images[row * 768..<(row + 1) * 768]) == expected)
      }
    }
  }

  @Test func aFileThatGoesBadIsNamedAtItsBatch() throws {
    let folder = try SampleFolder.colors(8)
    let source = try images(folder, .none)
    try folder.write([1, 2, 3], to: "green/4.png")
    let bad = try #require(source.images.firstIndex { $0.path.hasSuffix("green/4.png") })
    for threads in [1, 4] {
      let loader = try BatchLoader(source, .init(batchSize: 6, threads: threads, mode: .evaluation))
      for _ in 0..<bad / 6 {
        guard let batch = try loader.next() else {
          Issue.record("no batch")
          return
        }
        loader.recycle(batch)
      }
      for _ in 0..<2 {
        do {
          _ = try loader.next()
          Issue.record("no error")
        } catch {
          let error = error as TrainingError
          #expect(error.place == folder.file("green/4.png"))
          #expect(error.remedy != nil)
        }
      }
    }
  }

  @Test func badFilesAreFoundBeforeInTheOrderOfTheList() throws {
    let folder = try SampleFolder.colors(6)
    for name in ["red/5.png", "blue/1.png", "red/0.png"] { try folder.write([9], to: name) }
    let data = try ImageFolder(folder.path, validation: 0)
    for (threads, budget) in [(1, 0), (3, 1 << 20), (2, 1000)] {
      let cache = ImageCache(byteBudget: budget)
      let skipped = try cache.check(data.training, threads: threads)
      #expect(
        skipped.map(\.path) == ["blue/1.png", "red/0.png", "red/5.png"].map { folder.file($0) })
      // An image of 12 × 12 has 432 bytes.
      #expect(cache.bytes == min(15, budget / 432) * 432)
    }
    #expect(code { _ = try ImageCache().check(data.training, isCancelled: { true }) } == "interrupted")
  }

  @Test func anImageIsKeptForEachWayOfReadingIt() throws {
    let folder = try SampleFolder()
    let path = folder.file("large.jpg")
    try Image(width: 64, height: 48, pixels: (0..<64 * 48 * 3).map { UInt8($0 % 251) }).write(to: path)
    let cache = ImageCache(byteBudget: 1 << 20)
    let (small, other) = (Preprocessing.squashed(3), Preprocessing.squashed(6))
    for _ in 0..<2 {
      #expect(try cache.image(at: path).width == 64)
      #expect(try cache.image(at: path, for: small).width == 64)
      #expect(try cache.image(at: path, for: small.decoding(.scaled)).width == 8)
      #expect(try cache.image(at: path, for: other.decoding(.scaled)).width == 16)
      #expect(cache.bytes == (64 * 48 + 8 * 6 + 16 * 12) * 3)
    }
  }

  @Test func aLoaderThatIsLeftOrCancelledEnds() throws {
    let source = try numbers(1000)
    for _ in 0..<20 {
      let loader = try BatchLoader(source, .init(batchSize: 10, threads: 3, mode: .training(epochs: 0..<9)))
      _ = try loader.next()
    }
    let loader = try BatchLoader(source, .init(batchSize: 10, mode: .training(epochs: 0..<9)))
    _ = try loader.next()
    loader.cancel()
    let isOver = try loader.next() == nil
    #expect(isOver)
  }

  @Test func valuesAreTargets() throws {
    let source = try TensorSamples(
      Tensor((0..<12).map { Float($0) }, shape: [6, 1, 1, 2]),
      .values(Tensor((0..<6).map { Double($0) * 0.5 }, shape: [6])))
    #expect(source.specs.map(\.bounds) == [[1, 1, 2], []])
    for batch in try all(source, .init(batchSize: 4, mode: .evaluation)) {
      #expect(batch.targets == batch.samples.map { Float($0) * 0.5 })
    }
  }

  @Test func severalLabelsAreTargets() throws {
    let folder = try SampleFolder.colors(2)
    let table = "red/0.png,warm;red\ngreen/0.png,green\nblue/1.png,cold|blue\n"
    try folder.write(Array(table.utf8), to: "t.csv")
    let data = try ImageFolder(folder.file("t.csv"), validation: 0)
    let source = try ImageSamples(
      data.training, classes: data.labels.count, preprocessing: .squashed(4))
    // blue, cold, green, red, warm; images sorted by path.
    let batch = try #require(try all(source, .init(batchSize: 8, mode: .evaluation)).first)
    #expect(batch.targets == [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1])
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let source = try numbers(4)
    for options in [
      BatchLoader.Options(batchSize: 0, mode: .evaluation), .init(threads: -1, mode: .evaluation),
      .init(ahead: 0, mode: .evaluation), .init(batchSize: 2, mode: .training(epochs: 0..<1, position: 3)),
      .init(mode: .training(epochs: -1..<1)), .init(mode: .evaluation, mixing: BatchMixing(mixUp: 0)),
    ] { #expect(code { _ = try BatchLoader(source, options) } == "invalidArgument") }
    #expect(
      code { _ = try BatchLoader(source, .init(mode: .evaluation, mixing: BatchMixing(cutMix: 1))) }
        == "shape")
    let x = Tensor([1, 2] as [Float], shape: [2, 1])
    #expect(code { _ = try TensorSamples(x, .labels([0], classes: 2)) } == "shape")
    #expect(code { _ = try TensorSamples(x, .labels([0, 2], classes: 2)) } == "label")
    #expect(
      code { _ = try ImageSamples([], classes: 2, preprocessing: .squashed(4)) } == "noImages")
    let image = LabeledImage(path: "a", relativePath: "a", label: 2)
    #expect(
      code { _ = try ImageSamples([image], classes: 2, preprocessing: .squashed(4)) } == "label")
  }
}

import Testing
import VisionData
import VisionImage
import VisionSystem
import VisionTensor
import VisionTestSupport

@testable import VisionTasks

@Suite struct BoxSamplesTests {
  /// The color of a class: one channel at 255, the others at 0, on gray.
  private static func color(_ index: Int, _ channel: Int) -> UInt8 { channel == index ? 255 : 0 }

  /// Gray images, of different sizes unless one is given, each with rectangles of the classes' colors as objects.
  private static func images(
    _ count: Int, in folder: SampleFolder, objects: Int = 1, size: (width: Int, height: Int)? = nil
  ) throws
    -> [AnnotatedImage]
  {
    let philox = Philox(seed: 5)
    return try (0..<count).map { number in
      let (width, height) = size ?? (40 + 13 * (number % 4), 60 - 9 * (number % 3))
      var pixels = [UInt8](repeating: 100, count: width * height * 3)
      var found: [AnnotatedObject] = []
      for object in 0..<objects {
        let bits = philox.block(UInt32(number), UInt32(object), 0, 0)
        let (w, h) = (6 + Int(bits[0] % 6), 6 + Int(bits[1] % 6))
        // One below the other, so that none hides another one.
        let band = height / objects
        let x = Int(bits[2]) % (width - w)
        let y = min(object * band + Int(bits[3]) % max(band - h, 1), height - h)
        let index = (number + object) % 3
        for row in y..<y + h {
          for column in x..<x + w {
            for channel in 0..<3 { pixels[(row * width + column) * 3 + channel] = color(index, channel) }
          }
        }
        found.append(
          AnnotatedObject(
            label: index, box: Box(x: Double(x), y: Double(y), width: Double(w), height: Double(h))))
      }
      try folder.write(
        Image(width: width, height: height, pixels: pixels).pngData(), to: "\(number).png")
      return AnnotatedImage(
        name: "\(number).png", path: folder.file("\(number).png"), width: width, height: height,
        objects: found)
    }
  }

  private static func preprocessing(
    _ fit: FitMode = .letterbox(fill: RGBColor(red: 114, green: 114, blue: 114))
  )
    throws -> Preprocessing
  {
    try Preprocessing(width: 96, height: 80, fit: fit, filter: .bilinear)
  }

  /// Which class's color a pixel has, at least 5/6 of it; nil for none.
  private static func index(_ pixels: [UInt8], _ at: Int) -> Int? {
    (0..<3).first { index in
      (0..<3).allSatisfy { channel in
        let value = Int(pixels[at * 3 + channel])
        return channel == index ? value > 225 : value < 25
      }
    }
  }

  /// Inside of each box are pixels of its class, and no such pixel lies outside of the boxes of its class.
  private static func check(_ image: Image, _ truth: BoxTruth, _ place: String) {
    let pixels = image.pixels
    for object in truth.objects {
      let (x, y) = (object.box.x + object.box.width / 2, object.box.y + object.box.height / 2)
      guard object.box.width > 3, object.box.height > 3 else { continue }
      let at = Int(saturating: y) * image.width + Int(saturating: x)
      #expect(index(pixels, at) == object.index, "\(place): \(object)")
    }
    var strays = 0
    for row in 0..<image.height {
      for column in 0..<image.width {
        guard let index = index(pixels, row * image.width + column) else { continue }
        let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
        let isInside = truth.objects.contains {
          $0.index == index && x > $0.box.x - 0.6 && x < $0.box.right + 0.6 && y > $0.box.y - 0.6
            && y < $0.box.bottom + 0.6
        }
        if !isInside { strays += 1 }
      }
    }
    // Objects of which less than a pixel is left are in no list, and show less than a pixel.
    #expect(strays == 0, "\(place): \(truth)")
  }

  @Test(arguments: [
    BoxAugmentation(zoom: 0.4...2), BoxAugmentation(zoom: 0.7...1.4, stretch: 1.4, flip: 1),
    BoxAugmentation(zoom: 0.5...1.5, stretch: 1.2, flip: 0.5, mosaic: 1),
  ])
  func boxesGoWithTheirPixels(_ augmentation: BoxAugmentation) throws {
    let folder = try SampleFolder()
    let images = try Self.images(6, in: folder, objects: 3)
    for fit in [FitMode.letterbox(fill: .black), .squash] {
      let samples = try BoxSamples(
        images, preprocessing: Self.preprocessing(fit), augmentation: augmentation)
      var objects = 0
      for sample in 0..<6 {
        for epoch in 0..<4 {
          let key = AugmentationKey(seed: 1, epoch: epoch, sample: sample)
          let (image, truth) = try samples.augmented(key)
          Self.check(image, truth, "\(key)")
          objects += truth.objects.count
        }
      }
      #expect(objects > 24 * (augmentation.mosaic > 0 ? 3 : 1))
    }
  }

  @Test func withoutAugmentationTrainingSeesWhatInferenceSees() throws {
    let folder = try SampleFolder()
    let images = try Self.images(3, in: folder, objects: 2)
    for fit in [FitMode.letterbox(fill: .black), .squash, .centerCrop(fraction: 0.8)] {
      let preprocessing = try Self.preprocessing(fit)
      let samples = try BoxSamples(images, preprocessing: preprocessing)
      let rows = TensorRows(samples.specs, capacity: 1)
      for index in 0..<3 {
        try samples.makeReader(seed: 0).read(index, epoch: 2, into: rows.slots(0))
        let image = try Image(contentsOf: images[index].path ?? "")
        #expect(rows.tensor(0).floats == (try preprocessing.apply(to: image)).floats)
        let geometry = preprocessing.geometry(width: image.width, height: image.height)
        let placed = BoxTruth(images[index]).placed(by: geometry).objects
        let wanted = placed.flatMap { object -> [Float] in
          let box = object.box
          return [Float(object.index)] + [box.x, box.y, box.right, box.bottom].map { Float($0) }
        }
        let rest = [Float](repeating: 0, count: 5 * (2 - placed.count)).enumerated().map {
          $0 % 5 == 0 ? BoxTarget.absent : $1
        }
        #expect(rows.tensor(1).floats == wanted + rest)
      }
    }
  }

  @Test func batchesFollowFromSeedEpochAndSampleAlone() throws {
    let folder = try SampleFolder()
    let samples = try BoxSamples(
      Self.images(7, in: folder), preprocessing: Self.preprocessing(),
      augmentation: BoxAugmentation(.strong, content: .things, epochs: 4),
      cache: ImageCache(byteBudget: 1 << 20))
    func batches(threads: Int, epochs: Range<Int>, seed: UInt64 = 9) throws -> [[Float]] {
      let loader = try BatchLoader(
        samples, .init(batchSize: 3, threads: threads, seed: seed, mode: .training(epochs: epochs)))
      var found: [[Float]] = []
      while let batch = try loader.next() { found.append(Array(batch.floats(0)) + Array(batch.floats(1))) }
      return found
    }
    let all = try batches(threads: 1, epochs: 0..<4)
    #expect(try batches(threads: 3, epochs: 0..<4) == all)
    // A run that goes on with the third epoch.
    #expect(try batches(threads: 2, epochs: 2..<4) == Array(all[(all.count / 2)...]))
    #expect(try batches(threads: 1, epochs: 0..<1, seed: 10) != Array(all[..<(all.count / 4)]))
    #expect(Set(all).count == all.count)
  }

  @Test func theLastEpochsShowSingleImages() throws {
    let folder = try SampleFolder()
    let augmentation = BoxAugmentation(zoom: 0.5...0.6, mosaic: 1, mixup: 8, mixedEpochs: 2)
    let samples = try BoxSamples(
      Self.images(5, in: folder), preprocessing: Self.preprocessing(), augmentation: augmentation)
    func count(_ epoch: Int) throws -> [Int] {
      try (0..<5).map {
        try samples.augmented(AugmentationKey(seed: 0, epoch: epoch, sample: $0)).truth.objects.count
      }
    }
    #expect(try count(0).max() ?? 0 > 3 && count(1).max() ?? 0 > 3)
    #expect(try count(2) == [1, 1, 1, 1, 1] && count(7) == [1, 1, 1, 1, 1])
    // Ten epochs: the last two; one epoch: that one.
    #expect(BoxAugmentation(.standard, content: .things, epochs: 10).mixedEpochs == 8)
    #expect(BoxAugmentation(.standard, content: .things, epochs: 1).mixedEpochs == 0)
  }

  @Test func blendedImagesHaveTheBoxesOfBoth() throws {
    let folder = try SampleFolder()
    // Of the input's size, so that there is one place for them.
    let images = try Self.images(2, in: folder, size: (96, 80))
    let samples = try BoxSamples(
      images, preprocessing: Self.preprocessing(), augmentation: BoxAugmentation(mixup: 8))
    let plain = try BoxSamples(images, preprocessing: Self.preprocessing())
    let (image, truth) = try samples.augmented(AugmentationKey(seed: 0, sample: 0))
    #expect(truth.objects.map(\.index) == [0, 1])
    let own = try plain.augmented(AugmentationKey(seed: 0, sample: 0)).image.pixels
    let other = try plain.augmented(AugmentationKey(seed: 0, sample: 1)).image.pixels
    // Where the first image is red and the second gray, red is what shows its share.
    let object = truth.objects[0].box
    let at = Int(saturating: object.y + object.height / 2) * 96 + Int(saturating: object.x + object.width / 2)
    let share = (Double(image.pixels[at * 3]) - Double(other[at * 3])) / (255 - Double(other[at * 3]))
    #expect((0.02..<0.98).contains(share))
    let pixels = image.pixels
    for pixel in stride(from: 0, to: own.count, by: 7) {
      let wanted = Double(own[pixel]) * share + Double(other[pixel]) * (1 - share)
      #expect(abs(Double(pixels[pixel]) - wanted) < 2.5)
    }
    // With a small α one of the two is often hardly to be seen.
    let faint = try BoxSamples(
      Self.images(2, in: folder), preprocessing: Self.preprocessing(),
      augmentation: BoxAugmentation(mixup: 0.05))
    let ignored = try (0..<20).flatMap {
      try faint.augmented(AugmentationKey(seed: 0, epoch: $0)).truth.objects.map(\.isIgnored)
    }
    #expect(ignored.count == 40 && ignored.contains(true) && ignored.contains(false))
  }

  @Test func noBoxIsLeftOutSilently() throws {
    let folder = try SampleFolder()
    let images = try Self.images(4, in: folder, objects: 5)
    let augmentation = BoxAugmentation(zoom: 0.3...0.3, mosaic: 1, mixup: 8)
    #expect(BoxSamples.capacity(images, augmentation) == 5 * 8)
    let target = BoxTarget(capacity: 2)
    let samples = try BoxSamples(images, preprocessing: Self.preprocessing(), boxes: target)
    let rows = TensorRows(samples.specs, capacity: 1)
    #expect(throws: TrainingError.self) {
      try samples.makeReader(seed: 0).read(0, epoch: 0, into: rows.slots(0))
    }
    let box = Box(x: 1, y: 2, width: 3, height: 4)
    let slots = TensorRows([BoxTarget(capacity: 3).spec], capacity: 1)
    try BoxTarget(capacity: 3).write(
      BoxTruth([.init(box: box, index: 7), .init(box: box, index: 7, isIgnored: true)]),
      into: slots.slots(0).floats(0))
    #expect(slots.tensor(0).floats == [7, 1, 2, 4, 6, -2, 1, 2, 4, 6, -1, 0, 0, 0, 0])
  }

  @Test func anImageOfAnotherSizeThanItsBoxesIsRefused() throws {
    let folder = try SampleFolder()
    var images = try Self.images(2, in: folder)
    images[1].width += 1
    let samples = try BoxSamples(images, preprocessing: Self.preprocessing())
    let rows = TensorRows(samples.specs, capacity: 1)
    do {
      try samples.makeReader(seed: 0).read(1, epoch: 0, into: rows.slots(0))
      Issue.record("it was read")
    } catch { #expect(error.kind == .dataChanged && error.place == images[1].path) }
    #expect(throws: TrainingError.self) {
      try BoxSamples(
        [AnnotatedImage(name: "a", path: nil, width: 3, height: 3, objects: [])],
        preprocessing: Self.preprocessing())
    }
  }
}

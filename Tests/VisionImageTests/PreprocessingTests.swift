import Testing
import VisionTensor

@testable import VisionImage

@Suite struct PreprocessingTests {
  private func preprocessing(_ name: String) throws -> Preprocessing {
    let unit = [1.0 / 255, 1.0 / 255, 1.0 / 255]
    return switch name {
    case "lite64": .efficientNetLite(64)
    case "lite56gray":
      try Preprocessing(
        width: 56, height: 56, fit: .centerCrop(fraction: 56.0 / 88), filter: .bicubic, channels: .gray,
        deviation: [255])
    case "imagenet64": .imageNet(64)
    case "imagenet61": .imageNet(61)
    case "caffe":
      try Preprocessing(
        width: 58, height: 57, fit: .resizeBoth(width: 73, height: 70), channels: .bgr, mean: [104, 117, 123])
    case "squash32": .squashed(32)
    case "letterbox":
      try Preprocessing(
        width: 60, height: 47, fit: .letterbox(fill: RGBColor(red: 114, green: 5, blue: 250)),
        filter: .lanczos, scale: unit)
    default: throw ImageError(.invalidArgument, "unknown \(name)")
    }
  }

  @Test func imagesAndNumbersEqualPillowsAndTorchvisions() throws {
    let rows = try Fixture.table("preprocessed.tsv")
    #expect(rows.count == 42)
    let scratch = PreprocessingScratch()
    for row in rows {
      let preprocessing = try preprocessing(row[0])
      let numbers = row.compactMap(Int.init)
      let image = try Fixture.noise(numbers[0], numbers[1])
      #expect(try Fixture.checksum(preprocessing.image(of: image)) == row[3], "\(row)")
      let tensor = try preprocessing.apply(to: image)
      #expect(tensor.withUnsafeBytes { Fixture.checksum($0) } == row[4], "\(row)")
      #expect(tensor.shape == [1, preprocessing.channels.count, preprocessing.height, preprocessing.width])
      // The same through a scratch that has seen other images and other preprocessings.
      #expect(try write(preprocessing, image, .nchw, scratch) == tensor.floats)
    }
  }

  private func write(
    _ preprocessing: Preprocessing, _ image: Image, _ layout: Preprocessing.Layout,
    _ scratch: PreprocessingScratch
  ) throws -> [Float] {
    var output = [Float](repeating: .nan, count: preprocessing.elementCount)
    let geometry = try output.withUnsafeMutableBufferPointer { buffer in
      try preprocessing.write(image, into: buffer, layout: layout, scratch: scratch)
    }
    #expect(geometry == preprocessing.geometry(width: image.width, height: image.height))
    return output
  }

  @Test func theLayoutsHoldTheSameNumbers() throws {
    let image = try Fixture.noise(40, 30)
    let scratch = PreprocessingScratch()
    for name in ["imagenet64", "caffe", "lite56gray"] {
      let preprocessing = try preprocessing(name)
      let planes = try write(preprocessing, image, .nchw, scratch)
      let pixels = try write(preprocessing, image, .nhwc, scratch)
      let (channels, size) = (preprocessing.channels.count, preprocessing.width * preprocessing.height)
      for channel in 0..<channels {
        for pixel in 0..<size {
          #expect(planes[channel * size + pixel] == pixels[pixel * channels + channel])
        }
      }
    }
  }

  @Test func aBufferOfAnotherSizeIsRefused() throws {
    let image = try Fixture.noise(4, 4)
    var output = [Float](repeating: 0, count: 32 * 32 * 3 - 1)
    let kind = output.withUnsafeMutableBufferPointer { buffer in
      Fixture.kind {
        try Preprocessing.squashed(32)
          .write(image, into: buffer, layout: .nchw, scratch: PreprocessingScratch())
      }
    }
    #expect(kind == .invalidArgument)
  }

  @Test func thePlacesAreThoseOfTheReferences() throws {
    // int(224 / 256 · 333) = 291, ((500 - 291) + 1) / 2 = 105, ((333 - 291) + 1) / 2 = 21.
    let lite = Preprocessing.efficientNetLite(224).placement(width: 500, height: 333).crop
    #expect([lite.x, lite.y, lite.width, lite.height] == [105, 21, 291, 291])
    // int(256 · 500 / 333) = 384, (384 - 224) / 2 = 80.
    let imageNet = Preprocessing.imageNet(224).placement(width: 500, height: 333).target
    #expect([imageNet.width, imageNet.height] == [384, 256])
    #expect(imageNet.columns == 80..<304)
    #expect(imageNet.rows == 16..<240)
    let caffe = Preprocessing.squeezeNetCaffe.placement(width: 500, height: 333).target
    #expect(
      [caffe.width, caffe.height, caffe.columns.lowerBound, caffe.rows.lowerBound] == [256, 256, 14, 14])
  }

  @Test func imagesOfExtremeShapeWork() throws {
    for (width, height) in [(1, 1), (1, 5000), (5000, 1), (2, 3)] {
      let image = try Fixture.noise(width, height)
      for name in ["lite64", "imagenet61", "caffe", "squash32", "letterbox"] {
        let tensor = try preprocessing(name).apply(to: image)
        #expect(tensor.floats.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func valuesThatMakeNoSenseAreRefusedByKey() {
    func key(_ body: () throws -> Preprocessing) -> String? {
      do { _ = try body() } catch { return (error as? ImageError)?.place }
      return nil
    }
    #expect(key { try Preprocessing(width: 0, height: 1, fit: .squash) } == "width")
    #expect(key { try Preprocessing(width: 1, height: 8193, fit: .squash) } == "height")
    for fraction in [0, -1, 1.01, .nan] {
      #expect(
        key { try Preprocessing(width: 1, height: 1, fit: .centerCrop(fraction: fraction)) } == "fit.fraction"
      )
    }
    #expect(key { try Preprocessing(width: 9, height: 9, fit: .resizeShorterSide(to: 8)) } == "fit.side")
    #expect(
      key { try Preprocessing(width: 9, height: 9, fit: .resizeBoth(width: 9, height: 8)) } == "fit.height")
    #expect(key { try Preprocessing(width: 1, height: 1, fit: .squash, mean: [1]) } == "mean")
    #expect(
      key { try Preprocessing(width: 1, height: 1, fit: .squash, deviation: [1, 0, 1]) } == "deviation")
    #expect(
      key { try Preprocessing(width: 1, height: 1, fit: .squash, scale: [1, .infinity, 1]) } == "scale")
  }
}

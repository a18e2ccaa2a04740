import Testing
import VisionData
import VisionGraph
import VisionImage
import VisionInference
import VisionModel
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

@Suite struct SmallImagesTests {
  /// Images of the same bytes in two classes.
  private func folder(_ bytes: [UInt8], count: Int = 500) throws -> (SampleFolder, [LabeledImage]) {
    let folder = try SampleFolder()
    for (label, number) in ["a", "b"].flatMap({ label in (0..<count).map { (label, $0) } }) {
      try folder.write(bytes, to: "\(label)/\(number).png")
    }
    return (folder, try ImageFolder(folder.path, validation: 0).training)
  }

  private func gray(_ width: Int, _ height: Int) throws -> [UInt8] {
    let pixels = [UInt8](repeating: 90, count: width * height * 3)
    return try Image(width: width, height: height, pixels: pixels).pngData()
  }

  @Test(arguments: [(48, 48, 96), (28, 28, 64), (12, 12, 64), (64, 64, 128), (64, 50, 128), (50, 64, 128)])
  func smallImagesTrainTheWholeNetworkAtTwiceTheirSize(width: Int, height: Int, side: Int) throws {
    let (folder, images) = try folder(gray(width, height))
    let (settings, found) = SmallImages.settings(GivenSettings(), on: images)
    #expect(found?.side == min(width, height))
    #expect(settings[.fineTuning] == .all)
    #expect(settings[.imageSize] == ImageSize(side))
    #expect(settings.recipe == .fineTune)
    withExtendedLifetime(folder) {}
  }

  @Test func largeImagesAndFewImagesTrainTheLastLayer() throws {
    for (bytes, count) in [(try gray(65, 20), 500), (try gray(20, 65), 500), (try gray(48, 48), 499)] {
      let (folder, images) = try folder(bytes, count: count)
      let (settings, found) = SmallImages.settings(GivenSettings(), on: images)
      #expect(found == nil)
      #expect(settings.names.isEmpty)
      withExtendedLifetime(folder) {}
    }
  }

  @Test func whatIsGivenStays() throws {
    let (folder, images) = try folder(gray(32, 32))
    var ways = [GivenSettings](repeating: GivenSettings(), count: 5)
    ways[0][.fineTuning] = FineTuning.none
    ways[1][.isFromScratch] = true
    ways[2][.imageSize] = ImageSize(224)
    ways[3][.model] = "squeezenet1_1"
    ways[4][.preprocessing] = "imagenet"
    for given in ways {
      let (settings, found) = SmallImages.settings(given, on: images)
      #expect(found == nil)
      #expect(settings.names == given.names)
    }
    withExtendedLifetime(folder) {}
  }

  @Test func smallImagesAreNotCropped() throws {
    let (folder, images) = try folder(gray(48, 48))
    #expect(SmallImages.areWhole(images, in: ImageSize(96)))
    #expect(SmallImages.areWhole(images, in: ImageSize(48)))
    #expect(!SmallImages.areWhole(images, in: ImageSize(32)))
    withExtendedLifetime(folder) {}
    let (photos, large) = try self.folder(gray(200, 100))
    #expect(!SmallImages.areWhole(large, in: ImageSize(224)))
    withExtendedLifetime(photos) {}
  }

  /// A pretrained network that is trained and asked at another size than its own.
  @Test func aClassifierAtAnotherSizeSeesThatSize() throws {
    let folder = try SampleFolder.colors(12)
    let model = try TinyBackbone.model().resized(width: 20, height: 16, isWhole: false)
    #expect(model.preprocessing?.width == 20)
    #expect(model.preprocessing?.height == 16)
    let result = try TransferLearning(Backbone(model), threads: 1).train(on: ImageFolder(folder.path))
    let again = try Model(bytes: result.model.bytes())
    #expect(again.preprocessing?.width == 20)
    let input = try #require(again.graph.inputs.first)
    #expect(again.graph.fact(input).shape.dimensions.suffix(2) == [16, 20])
    #expect(try #require(result.validation).top1 == 1)
  }

  @Test func aNetworkOfOneSizeIsRefused() throws {
    let builder = GraphBuilder()
    let flat = try builder.add(Flatten(axis: 1), builder.image(channels: 3, height: 12, width: 12))
    let weight = try builder.parameter("weight", shape: [3 * 12 * 12], initializer: .ones)
    try builder.output("y", builder.add(Mul(), flat, weight))
    let graph = builder.graph
    let model = Model(
      graph: graph, parameters: graph.initialParameters(seed: 1), labels: ["a", "b", "c", "d", "e"],
      preprocessing: .squashed(12))
    let error = #expect(throws: GraphError.self) {
      try model.resized(width: 16, height: 16, isWhole: true)
    }
    #expect(error?.message.hasPrefix("the network cannot take images of 16×16 pixels") == true)
    #expect(error?.remedy != nil)
  }
}

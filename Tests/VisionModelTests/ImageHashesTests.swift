import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct ImageHashesTests {
  private func hashes(_ values: some Sequence<UInt64>) -> [ImageHash] { values.map { ImageHash(value: $0) } }

  /// Numbers that look random, all of them different.
  private func scattered(_ count: Int, from start: UInt64 = 0) -> [ImageHash] {
    hashes((start..<start + UInt64(count)).map { ($0 &+ 1) &* 0x9E37_79B9_7F4A_7C15 >> 16 })
  }

  private func model(_ images: Model.TrainingImages?) throws -> Model {
    let builder = GraphBuilder()
    try builder.output("logits", try builder.add(Flatten(), builder.image(height: 2, width: 2)))
    var model = Model(graph: builder.graph, parameters: Parameters())
    model.trainingImages = images
    return model
  }

  @Test func orderAndRepetitionDoNotCount() {
    let set = ImageHashes(hashes([9, 3, 3, 7]))
    #expect(set == ImageHashes(hashes([7, 9, 3])))
    #expect(set.count == 3 && set.isComplete)
    #expect(
      (0..<12).map { set.contains(ImageHash(value: $0)) == true } == (0..<12).map { [3, 7, 9].contains($0) })
    #expect(ImageHashes.none.contains(ImageHash(value: 0)) == false)
  }

  @Test func aSampleTellsWhatIsBelowItsEnd() {
    let all = scattered(1000)
    let set = ImageHashes(all, limit: 100)
    #expect(set.count == 1000 && !set.isComplete)
    let others = scattered(1000, from: 5000)
    let (found, missing) = (all.map { set.contains($0) }, others.map { set.contains($0) })
    #expect(found.count { $0 == true } == 100 && found.count { $0 == false } == 0)
    #expect(missing.count { $0 == true } == 0)
    // About a tenth of the others is known to be others.
    #expect((60...140).contains(missing.count { $0 == false }))
  }

  @Test func twoSetsBecomeOne() {
    let (a, b) = (ImageHashes(hashes([1, 5])), ImageHashes(hashes([5, 8])))
    #expect(a.union(b) == ImageHashes(hashes([1, 5, 8])))
    #expect(a.union(.none) == a && ImageHashes.none.union(a) == a)
    let sample = ImageHashes(scattered(1000), limit: 100)
    let joined = sample.union(ImageHashes(scattered(50, from: 5000)))
    #expect(joined.count == 1050 && !joined.isComplete)
    for hash in scattered(1000) { #expect(joined.contains(hash) != false) }
    for hash in scattered(500, from: 9000) { #expect(joined.contains(hash) != true) }
  }

  @Test func theModelsFileHoldsThem() throws {
    let images = Model.TrainingImages(
      training: ImageHashes(scattered(7)), validation: ImageHashes(scattered(3, from: 100)))
    let bytes = try model(images).bytes()
    #expect(try Model(bytes: bytes).trainingImages == images)
    #expect(try Model(bytes: bytes).bytes() == bytes)
    #expect(try Model(bytes: model(nil).bytes()).trainingImages == nil)
    // The most that a file can have.
    let many = Model.TrainingImages(training: ImageHashes(scattered(ImageHashes.limit + 9)))
    let read = try Model(bytes: model(many).bytes()).trainingImages
    #expect(
      read == many && read?.training.isComplete == false && read?.training.count == ImageHashes.limit + 9)
  }

  @Test func damagedHashesAreRefused() throws {
    func read(_ json: String) -> String? {
      var model = Model(graph: GraphBuilder().graph, parameters: Parameters())
      do throws(FormatError) {
        try ModelMetadata.read([("visionnet.training", json)], into: &model)
        return nil
      } catch { return error.code }
    }
    let good = "{\"images\":2,\"hashes\":\"AAAAAAABAAAAAAAC\"}", none = "{\"images\":0,\"hashes\":\"\"}"
    func text(_ training: String, _ validation: String, hash: String = "sha256-48", version: Int = 1)
      -> String
    {
      "{\"version\":\(version),\"hash\":\"\(hash)\",\"training\":\(training),\"validation\":\(validation)}"
    }
    #expect(read(text(good, none)) == nil)
    #expect(read(text(good, none, version: 2)) == "unsupported")
    #expect(read(text(good, none, hash: "md5")) == "corrupt")
    for bad in [
      "{\"images\":1,\"hashes\":\"AAAAAAABAAAAAAAC\"}", "{\"images\":2,\"hashes\":\"AAAAAAACAAAAAAAB\"}",
      "{\"images\":2,\"hashes\":\"AAAAAAABAAAAAA\"}", "{\"images\":2,\"hashes\":\"AAAAAAAB\u{e9}AAA\"}",
      "{\"images\":-1,\"hashes\":\"\"}", "{\"images\":5,\"hashes\":\"\"}", "{\"hashes\":\"\"}", "[]", "null",
    ] {
      #expect(read(text(bad, none)) == "corrupt", "\(bad)")
      #expect(read(text(none, bad)) == "corrupt", "\(bad)")
    }
  }

  @Test func trainingComesBeforeValidation() {
    let images = Model.TrainingImages(
      training: ImageHashes(hashes([1, 2])), validation: ImageHashes(hashes([2, 3])))
    #expect(images.use(of: ImageHash(value: 2)).use == .training)
    #expect(images.use(of: ImageHash(value: 3)).use == .validation)
    #expect(images.use(of: ImageHash(value: 4)).use == nil && images.use(of: ImageHash(value: 4)).isCertain)
  }

  @Test func base64GoesBothWays() {
    for count in 0..<20 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 91 + 200) }
      #expect(Base64.bytes(Base64.text(bytes)) == bytes)
    }
    for bad in ["A", "AB=C", "====", "AAA", "A\n==", "AB==AB==", "AAAB="] {
      #expect(Base64.bytes(bad) == nil, "\(bad)")
    }
  }
}

import Foundation
import Testing

@testable import VisionImage
@testable import VisionModel

@Suite struct PreprocessingSourceTests {
  /// The noise that `generate.py` makes: the high bytes of a linear congruential generator.
  private static func noise(_ width: Int, _ height: Int) throws -> Image {
    try Image(width: width, height: height) { pixels in
      var state: UInt32 = 1
      for index in pixels.indices {
        state = state &* 1_664_525 &+ 1_013_904_223
        pixels[index] = UInt8(state >> 24)
      }
    }
  }

  private static func rows() throws -> [[String]] {
    try String(decoding: Fixture.bytes("preprocessors/expected.tsv"), as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: "\t").map(String.init) }
  }

  private static func preprocessing(_ text: String) throws -> Preprocessing {
    try PreprocessingSource(json: Array(text.utf8)).resolved(height: nil, width: nil, channels: nil)
  }

  @Test func configurationsOfOthersGiveTheirPixelsAndNumbers() throws {
    let rows = try Self.rows()
    #expect(rows.count == 115)
    for row in rows {
      let path = Fixture.path("preprocessors/\(row[0]).json")
      let steps = try PreprocessingSource(contentsOf: path).resolved(height: nil, width: nil, channels: nil)
      let size = row[1...2].compactMap { Int($0) }
      let image = try Self.noise(size[0], size[1])
      let seen = try steps.image(of: image)
      let checksum = seen.withUnsafePixels { pixels in
        PNGHeader.checksum(UnsafeRawBufferPointer(pixels), 0..<pixels.count)
      }
      #expect(String(checksum) == row[3], "\(row[0]) \(size)")
      let numbers = try steps.apply(to: image).floats
      let plane = steps.width * steps.height
      let wanted: [Float] = row[4...].compactMap { Float($0) }
      #expect(wanted.count == 9)
      for (index, value) in wanted.enumerated() {
        // The first, the middle and the last number of each channel.
        let place: Int = index / 3 * plane + [0, plane / 2, plane - 1][index % 3]
        let difference: Float = abs(numbers[place] - value)
        #expect(difference <= 2e-6 * max(1, abs(value)), "\(row[0]) \(size) \(place)")
      }
    }
  }

  @Test func ownJSONIsReadInAnyEncoding() throws {
    let own = Preprocessing.efficientNetLite(64)
    let text = own.json
    let units = Array(text.utf16)
    let little: [UInt8] = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big: [UInt8] = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let plain = Array(text.utf8)
    var forms = [plain, little, big]
    forms.append([0xEF, 0xBB, 0xBF] + plain)
    forms.append([0xFF, 0xFE] + little)
    forms.append([0xFE, 0xFF] + big)
    for bytes in forms { #expect(try PreprocessingSource(json: bytes) == .exact(own)) }
  }

  @Test func malformedJSONIsToldByLineAndColumn() throws {
    do {
      _ = try Self.preprocessing("{\n  \"version\": 1,\n  \"width\" 32\n}")
      Issue.record("read")
    } catch let error as ImageError {
      #expect(error.kind == .invalidPreprocessing)
      #expect(error.place == "line 3, column 11")
      #expect(error.message == "malformed JSON: expected ':'")
    }
    for text in ["", "[]", "1", "{\"version\":1,\"version\":1}", "{} {}", "{\"a\":1,}"] {
      #expect(throws: ImageError.self) { try Self.preprocessing(text) }
    }
  }

  /// What is not done here is refused at its key.
  @Test func whatCannotBeExpressedIsRefusedByKey() throws {
    let clip = String(decoding: try Fixture.bytes("preprocessors/clip.json"), as: UTF8.self)
    let changes: [(String, String, String)] = [
      ("\"do_resize\": true", "\"do_resize\": false", "do_resize"),
      ("\"do_resize\": true", "\"do_pad\": true", "do_pad"),
      ("\"do_resize\": true", "\"do_resize\": 1", "do_resize"),
      ("\"do_center_crop\": true", "\"do_center_crop\": false", "do_center_crop"),
      ("\"shortest_edge\": 56", "\"longest_edge\": 56", "size.longest_edge"),
      ("\"shortest_edge\": 56", "\"shortest_edge\": 55", "crop_size"),
      ("\"shortest_edge\": 56", "\"shortest_edge\": 56, \"height\": 56", "size"),
      ("\"shortest_edge\": 56", "\"shortest_edge\": 0", "size.shortest_edge"),
      ("\"resample\": 3", "\"resample\": 5", "resample"),
      ("\"resample\": 3", "\"resample\": null", "resample"),
      ("\"CLIPImageProcessor\"", "\"NobodyImageProcessor\"", "image_processor_type"),
      ("\"CLIPImageProcessor\"", "\"CLIP\"", "image_processor_type"),
      ("\"do_rescale\": true", "\"do_align_long_axis\": true", "do_align_long_axis"),
      ("\"do_rescale\": true", "\"crop_pct\": 0.9", "crop_pct"),
      ("\"rescale_factor\": 0.00392156862745098", "\"rescale_factor\": \"1/255\"", "rescale_factor"),
      ("0.26862954,", "", "image_std"), ("0.26862954,", "0,", "size"),
      ("\"image_mean\"", "\"image_means\"", "image_means"),
    ]
    for (old, new, key) in changes {
      let text = try #require(clip.contains(old) ? clip.replacingOccurrences(of: old, with: new) : nil)
      do {
        _ = try Self.preprocessing(text)
        Issue.record("read: \(new)")
      } catch let error as ImageError {
        #expect(error.kind == .invalidPreprocessing)
        #expect(error.place == key, "\(new): \(error)")
      }
    }
    // Harmless settings are passed over, and those that are off.
    for member in [
      "\"processor_class\": \"X\"", "\"do_thumbnail\": false", "\"_anything\": 1", "\"do_pad\": null",
    ] {
      let text = clip.replacingOccurrences(of: "\"resample\": 3", with: "\"resample\": 3, \(member)")
      #expect(throws: Never.self) { try Self.preprocessing(text) }
    }
  }

  @Test func aSizeOfOneNumberNeedsAClass() throws {
    let text = """
      {"do_resize": true, "size": 56, "resample": 2, "do_normalize": false, "do_center_crop": false}
      """
    #expect(throws: ImageError.self) { try Self.preprocessing(text) }
    let square = text.replacingOccurrences(of: "56", with: "{\"height\": 56, \"width\": 48}")
    #expect(try Self.preprocessing(square).fit == .squash)
    let told = text.replacingOccurrences(of: "56", with: "56, \"default_to_square\": true")
    #expect(try Self.preprocessing(told).width == 56)
  }

  @Test func timmIsRefusedWhereItsRulesAreNotExpressed() throws {
    let timm = String(decoding: try Fixture.bytes("preprocessors/timm.json"), as: UTF8.self)
    let changes: [(String, String, String)] = [
      ("\"center\"", "\"border\"", "crop_mode"), ("\"bicubic\"", "\"hamming\"", "interpolation"),
      ("\"bicubic\"", "\"random\"", "interpolation"), ("\"crop_pct\": 0.9", "\"crop_pct\": 0", "crop_pct"),
      ("\"crop_pct\": 0.9", "\"crop_pct\": 1.2", "crop_pct"),
      ("56,\n      56", "56,\n      64", "input_size"), ("3,\n      56", "4,\n      56", "input_size"),
      ("3,\n      56", "1,\n      56", "mean"),
    ]
    for (old, new, key) in changes {
      let text = try #require(timm.contains(old) ? timm.replacingOccurrences(of: old, with: new) : nil)
      do {
        _ = try Self.preprocessing(text)
        Issue.record("read: \(new)")
      } catch let error as ImageError {
        #expect(error.place == "pretrained_cfg.\(key)", "\(new): \(error)")
      }
    }
    // timm's own defaults.
    let bare = try Self.preprocessing(#"{"architecture": "x", "pretrained_cfg": {}}"#)
    #expect(bare.fit == .resizeShorterSide(to: 256))
    #expect(bare.filter == .bicubic)
    #expect(bare.mean == [0.485, 0.456, 0.406])
  }

  @Test func otherConfigurationsSayWhatTheyAre() throws {
    do {
      _ = try Self.preprocessing(#"{"model_type": "vit", "architectures": ["ViT"], "id2label": {"0": "a"}}"#)
      Issue.record("read")
    } catch let error as ImageError {
      #expect(error.remedy?.contains("preprocessor_config.json") == true)
    }
  }

  @Test func damagedFilesAreRefused() throws {
    for name in ["clip", "efficientnet", "timm", "siglip_nested"] {
      let bytes = try Fixture.bytes("preprocessors/\(name).json")
      var state: UInt64 = 1
      for round in 0..<600 {
        var damaged = bytes
        for _ in 0..<1 + round % 3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 20)
        }
        guard case .exact(let steps)? = try? PreprocessingSource(json: damaged) else { continue }
        #expect(try Preprocessing(json: steps.json) == steps)
      }
    }
  }
}

import { describe, expect, test } from 'vitest'
import { fromHuggingFace } from '../../../core/models/huggingFaceConfig.ts'
import { fromTimm } from '../../../core/models/timmConfig.ts'

const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] }
const usual = { do_resize: true, do_rescale: true, do_normalize: true, rescale_factor: 0.00392156862745098, resample: 3, ...imagenet }

describe('Hugging Face', () => {
  test('shortest edge 256, crop 224, bicubic (DINOv2, BiT)', () => {
    const facts = fromHuggingFace({ ...usual, do_center_crop: true, size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 }, image_processor_type: 'BitImageProcessor' })
    expect(facts).toMatchObject({ size: { width: 224, height: 224 }, resize: { mode: 'crop', interpolation: 'bicubic', cropFraction: 0.875, method: 'pillow' }, colour: 'RGB', mean: imagenet.image_mean, std: imagenet.image_std })
    expect(facts?.scale).toBeCloseTo(1, 10)
    expect(facts?.notes).toBeUndefined()
  })

  test.each([
    ['a number is the shortest side where a crop follows (old CLIP)', { do_center_crop: true, size: 224, crop_size: 224 }, { size: { width: 224, height: 224 }, resize: { mode: 'crop', cropFraction: 1 } }],
    ['and a square where none does (ViT, DeiT)', { size: 224 }, { size: { width: 224, height: 224 }, resize: { mode: 'squash' } }],
    ['height and width', { size: { height: 384, width: 256 } }, { size: { width: 256, height: 384 }, resize: { mode: 'squash' } }],
    ['height and width, cropped to the same: nothing is cut', { do_center_crop: true, size: { height: 224, width: 224 }, crop_size: { height: 224, width: 224 } }, { resize: { mode: 'squash' } }],
    ['a crop of another form', { do_center_crop: true, size: { shortest_edge: 256 }, crop_size: { height: 192, width: 224 } }, { size: { width: 224, height: 192 }, resize: { mode: 'crop', cropFraction: 0.75 } }],
    ['no crop size: as large as it was fitted', { do_center_crop: true, size: { shortest_edge: 224 } }, { size: { width: 224, height: 224 }, resize: { mode: 'crop', cropFraction: 1 } }],
    ['ConvNeXt below 384: its own share', { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 224 }, crop_pct: 0.875 }, { size: { width: 224, height: 224 }, resize: { mode: 'crop', cropFraction: 0.875 } }],
    ['ConvNeXt without a share', { feature_extractor_type: 'ConvNextFeatureExtractor', size: { shortest_edge: 224 } }, { resize: { mode: 'crop', cropFraction: 224 / 256 } }],
    ['ConvNeXt from 384 on: squashed', { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 }, crop_pct: 0.875 }, { size: { width: 384, height: 384 }, resize: { mode: 'squash' } }]
  ])('%s', (_name, config, expected) => {
    const facts = fromHuggingFace({ ...usual, ...config })
    expect(facts).toMatchObject(expected)
    expect(facts?.resize).toMatchObject({ method: 'pillow', interpolation: 'bicubic' })
  })

  test.each([
    ['no rescaling: pixels of 0 to 255', { do_rescale: false, do_normalize: false }, { scale: 255, mean: [0, 0, 0], std: [1, 1, 1] }],
    ['no rescaling, but mean and std in levels', { do_rescale: false, image_mean: [127.5, 127.5, 127.5], image_std: [127.5, 127.5, 127.5] }, { scale: 255, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] }],
    ['another factor with an offset (EfficientNet)', { rescale_factor: 1 / 127.5, rescale_offset: true, do_normalize: false }, { scale: 2, mean: [1, 1, 1], std: [1, 1, 1] }],
    ['one number for all channels', { image_mean: 0.5, image_std: 0.5 }, { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }],
    ['blue first (MobileViT)', { do_flip_channel_order: true }, { colour: 'BGR' }],
    ['null as if it were not there', { do_center_crop: null, crop_size: null, do_rescale: null, resample: null }, { colour: 'RGB', resize: { mode: 'squash', method: 'pillow' } }]
  ])('values: %s', (_name, config, expected) => {
    const facts = fromHuggingFace({ ...usual, size: { height: 224, width: 224 }, ...config })
    const { scale, ...rest } = expected as { scale?: number }
    expect(facts).toMatchObject(rest)
    if (scale !== undefined) expect(facts?.scale).toBeCloseTo(scale, 9)
  })

  test('every value comes out as the original computes it', () => {
    const config = { ...usual, size: 224, rescale_factor: 1 / 127.5, rescale_offset: true, image_mean: [0.1, 0.2, 0.3], image_std: [0.5, 0.6, 0.7] }
    const { scale = 0, mean = [0, 0, 0], std = [1, 1, 1] } = fromHuggingFace(config) ?? {}
    for (const pixel of [0, 1, 100, 255]) {
      for (const c of [0, 1, 2] as const) {
        const theirs = (pixel * config.rescale_factor - 1 - (config.image_mean[c] as number)) / (config.image_std[c] as number)
        expect(((pixel / 255) * scale - mean[c]) / std[c]).toBeCloseTo(theirs, 9)
      }
    }
  })

  test('without mean and std in it, they are asked for: the original takes those of its class', () => {
    const facts = fromHuggingFace({ do_rescale: true, do_normalize: true, size: 224 })
    expect(facts).toMatchObject({ scale: 1 })
    expect(facts).not.toHaveProperty('mean')
  })

  test.each([
    ['not resized', { do_resize: false, size: 224 }, /"do_resize" is false/, undefined],
    ['squashed, then cut', { do_center_crop: true, size: { height: 256, width: 256 }, crop_size: 224 }, /squashed to 256 x 256 and then cut to 224 x 224/, undefined],
    ['the shortest side, then black', { do_pad: true, size: { shortest_edge: 800, longest_edge: 1333 } }, /"do_pad"/, undefined],
    ['the shortest side alone', { size: { shortest_edge: 448 } }, /Only the shortest side/, 'crop'],
    ['the longest side', { size: { longest_edge: 512 } }, /longest side is fitted/, 'letterbox'],
    ['a crop larger than the picture', { do_center_crop: true, size: { shortest_edge: 200 }, crop_size: 224 }, /larger than the fitted picture/, 'crop'],
    ['a filter we do not have', { size: 224, resample: 5 }, /"resample" is 5/, 'squash']
  ])('what a card cannot say is said: %s', (_name, config, note, mode) => {
    const facts = fromHuggingFace({ ...usual, ...config })
    expect(facts?.notes?.join(' ')).toMatch(note)
    expect(facts?.resize?.mode).toBe(mode)
  })

  test('the image processor in a processor_config.json; other files are none', () => {
    expect(fromHuggingFace({ processor_class: 'SiglipProcessor', image_processor: { ...usual, size: { height: 224, width: 224 } } })).toMatchObject({ size: { width: 224, height: 224 } })
    for (const other of [{ tokenizer: true }, null, 3, 'text', [], { size: 'large' }, { ...usual, size: 4 }, { ...usual, size: { height: 99999, width: 5 } }, { do_rescale: 'yes' }]) expect(fromHuggingFace(other)).toBe(null)
  })
})

describe('timm', () => {
  const config = { input_size: [3, 224, 240], interpolation: 'bicubic', crop_pct: 0.9, crop_mode: 'center', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], license: 'apache-2.0', hf_hub_id: 'timm/vit' }
  const expected = { size: { width: 240, height: 224 }, resize: { mode: 'crop', interpolation: 'bicubic', cropFraction: 0.9, method: 'pillow' }, colour: 'RGB', scale: 1, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], licence: 'apache-2.0', source: 'https://huggingface.co/timm/vit' }

  test.each([
    ['pretrained_cfg', { architecture: 'vit', pretrained_cfg: config }],
    ['default_cfg', { architecture: 'vit', default_cfg: config }],
    ['everything beside the architecture', { architecture: 'vit', ...config }],
    ['pretrained_cfg before the rest', { architecture: 'vit', ...config, mean: [0, 0, 0], pretrained_cfg: config }]
  ])('%s', (_name, json) => {
    expect(fromTimm(json)).toEqual(expected)
  })

  test.each([
    ['squash', { crop_mode: 'squash', crop_pct: 1 }, { mode: 'squash', interpolation: 'bicubic', method: 'pillow' }],
    ['border', { crop_mode: 'border', crop_pct: 1 }, { mode: 'letterbox', interpolation: 'bicubic', method: 'pillow' }],
    ['nothing said: 0.875, bicubic, from the middle', { crop_mode: null, crop_pct: null, interpolation: null }, { mode: 'crop', cropFraction: 0.875, interpolation: 'bicubic', method: 'pillow' }],
    ['another filter', { interpolation: 'bilinear' }, { mode: 'crop', cropFraction: 0.9, interpolation: 'bilinear', method: 'pillow' }]
  ])('%s', (_name, changes, resize) => {
    expect(fromTimm({ pretrained_cfg: { ...config, ...changes } })?.resize).toEqual(resize)
  })

  test.each([
    ['a filter drawn at random', { interpolation: 'random' }, /"interpolation" is random/],
    ['squashed, then cut', { crop_mode: 'squash' }, /squashed and then cut/],
    ['a border, then cut', { crop_mode: 'border' }, /"crop_mode" border/],
    ['a mode of the future', { crop_mode: 'spiral' }, /"crop_mode" is spiral/]
  ])('what a card cannot say is said: %s', (_name, changes, note) => {
    expect(fromTimm({ pretrained_cfg: { ...config, ...changes } })?.notes?.join(' ')).toMatch(note)
  })

  test('a licence beside the config, and an address instead of a repository', () => {
    const { license: _licence, hf_hub_id: _hub, ...rest } = config
    expect(fromTimm({ license: 'mit', pretrained_cfg: { ...rest, url: 'https://example.org/a.pth' } })).toMatchObject({ licence: 'mit', source: 'https://example.org/a.pth' })
  })

  test('another config.json is none', () => {
    for (const other of [{ model_type: 'bert' }, { architecture: 'vit' }, null, 7, { pretrained_cfg: 'x' }]) expect(fromTimm(other)).toBe(null)
  })
})

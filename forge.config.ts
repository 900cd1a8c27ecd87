import { MakerBase, type MakerOptions } from '@electron-forge/maker-base'
import { FusesPlugin } from '@electron-forge/plugin-fuses'
import type { ForgeConfig, ForgePlatform } from '@electron-forge/shared-types'
import { FuseV1Options, FuseVersion } from '@electron/fuses'

/** Hands Forge's packaged folder to electron-builder, which knows the installers. (electron-builder's own Forge makers are of Forge 5's time.) */
class ElectronBuilderMaker extends MakerBase<Record<string, never>> {
  override name = 'electron-builder'
  override defaultPlatforms: ForgePlatform[] = ['linux', 'win32', 'darwin']

  override isSupportedOnCurrentPlatform(): boolean {
    return true
  }

  override async make({ dir, makeDir }: MakerOptions): Promise<string[]> {
    const { build } = await import('electron-builder')
    return await build({
      prepackaged: dir,
      config: {
        appId: 'org.winnow.app',
        productName: 'Winnow',
        directories: { output: makeDir },
        linux: { target: 'AppImage', category: 'Graphics' },
        win: { target: 'nsis' },
        mac: { target: 'dmg', category: 'public.app-category.graphics-design' },
        npmRebuild: false,
        publish: null
      }
    })
  }
}

const staged = process.env.WINNOW_STAGED_ENGINE
const zips = process.env.WINNOW_ELECTRON_ZIPS

/**
 * Inside the asar: Electron's main and preload, nothing else. Beside it, as plain files: the engine with its Node, packages and models,
 * because native modules and a foreign Node cannot be read out of an archive.
 */
const config: ForgeConfig = {
  packagerConfig: {
    name: 'Winnow',
    executableName: 'winnow',
    asar: true,
    prune: false,
    ignore: (path) => path !== '' && !['/package.json', '/electron', '/electron/dist'].includes(path) && !/^\/electron\/dist\/[a-z]+\.cjs$/.test(path),
    ...(staged ? { extraResource: [staged] } : {}),
    ...(zips ? { electronZipDir: zips } : {})
  },
  makers: [new ElectronBuilderMaker({})],
  plugins: [
    new FusesPlugin({
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true
    })
  ]
}
export default config

<?php
// What a translation plug-in tells: each post has a language (`_language`) and its versions
// (`_versions`, ids by language). Pages name the versions as alternates in their head, and the REST
// interface has the fields that Polylang adds.
function forum_versions(int $number): array
{
    return get_post_meta($number, '_versions', true) ?: [];
}

add_action('wp_head', function () {
    $homes = ['en' => home_url('/'), 'fr' => home_url('/fr/')];
    $shown = is_singular() ? array_map('get_permalink', forum_versions(get_queried_object_id())) : [];
    foreach ($shown ?: (is_home() ? $homes : []) as $language => $address) {
        printf('<link rel="alternate" hreflang="%s" href="%s">' . "\n", esc_attr($language), esc_url($address));
    }
});

add_action('rest_api_init', function () {
    if (!get_option('forum_rest_fields')) {
        return;
    }
    register_rest_field(['post', 'page'], 'lang', [
        'get_callback' => fn($post) => get_post_meta($post['id'], '_language', true) ?: 'en',
    ]);
    register_rest_field(['post', 'page'], 'translations', [
        'get_callback' => fn($post) => forum_versions($post['id']),
    ]);
});
